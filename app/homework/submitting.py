"""A client sends what was done. Nothing is refused for its time, nothing is stored twice.

Three statements: the slot, locked; what is there under the key; and one that writes it all.
"""

from datetime import datetime
from typing import Any, Final

from app.clients import mine as profiles
from app.clients.default_visibility import default
from app.core.clock import corrected, now
from app.core.errors import NotFound
from app.core.ids import new_id
from app.core.statements import Query
from app.core.zones import local_day
from app.files import using
from app.homework import attention_receipts, fitting, named_files, storing, visibility
from app.homework.attention import Attention, of_answers, of_obstacles
from app.homework.models import Assignment, Occurrence, Submission, SubmissionAnswer
from app.homework.senders import demand_own, sender, write_once
from app.homework.sent import SubmissionCreate
from app.homework.visibility import NOTHING, TO_GUARDIANS, TO_STAFF, WHOLE
from app.library import service as library
from app.library.canonical import canonical_answers
from app.library.forms import Checked, uploads_in
from app.operation import once, preconditions
from app.operation.work import Row, Work
from app.practices import help as crisis_help


async def submit(work: Work, occurrence_id: str, asked: SubmissionCreate) -> tuple[Row, bool]:
    """Store it once; the receipt, and whether it is new.

    A new key for an answered slot is its next version. Raises NotFound, and Invalid for answers
    that do not fit the form, another form's version, or other content under a known key.
    """
    slot = await work.row(storing.SLOT[work.actor.capacity], id=occurrence_id, **sender(work))
    if slot is None:
        await work.nothing(Occurrence, occurrence_id)
    there = await _there(work, asked.client_key, occurrence_id)
    known = await _known(work, asked, occurrence_id, there, slot)
    if known is not None:
        return known, False
    newest = there[0] if there else None
    values, files = await _values(work, slot, asked, occurrence_id, newest)
    if newest is not None and newest["withdrawn_at"] is None:
        values["met"] = newest["number"]
    return await _store(work, slot, values, files, newest), True


async def edit(
    work: Work, submission_id: str, asked: SubmissionCreate, seen: preconditions.Seen | None
) -> tuple[Row, bool]:
    """Send it again as it should have been: the next version, whatever has become of the first.

    `seen` is the submission's version that the device goes on from; under a known key it does not
    matter. Raises as `submit` does, Forbidden for what somebody else sent, VersionRequired and
    Stale.
    """
    slot = await work.row(storing.SLOT_OF[work.actor.capacity], id=submission_id, **sender(work))
    if slot is None:
        await work.nothing(Submission, submission_id)
    demand_own(work, slot)
    there = await _there(work, asked.client_key, slot["id"])
    known = await _known(work, asked, slot["id"], there, slot)
    if known is not None:
        return known, False
    values, files = await _values(work, slot, asked, slot["id"], there[0])
    preconditions.demand_seen(seen, there[0]["submission_version"])
    return await _store(work, slot, values, files, there[0]), True


async def submit_extra(work: Work, assignment_id: str, asked: SubmissionCreate) -> tuple[Row, bool]:
    """Store work that no slot asked for; it makes one of its own. Raises as `submit` does.

    The assignment may be paused, over, or not agreed to: work is never refused.
    """
    place = await work.row(storing.PLACE, id=assignment_id)
    if place is None:
        await work.nothing(Assignment, assignment_id)
    there = await _there(work, asked.client_key, None)
    known = await _known(work, asked, assignment_id, there, None)
    if known is not None:
        return known, False
    slot = place | {"id": new_id(), "opens_at": None, "drafted_at": None, "is_led": False}
    values, files = await _values(work, slot, asked, assignment_id, None)
    day = local_day(values["occurred_corrected_at"], values["zone"])
    values |= {"slot": f"extra:{asked.client_key}", "local_on": day}
    return await _store(work, slot, values, files, None, storing.WRITE_EXTRA), True


async def by_key(work: Work, client_key: str) -> Row:
    """The receipt of what was stored under this key. Raises NotFound when nothing was."""
    row = await work.row(storing.BY_KEY, client_key=client_key, **sender(work))
    if row is None:
        raise NotFound()
    return await _receipt(work, row, row, told=await _told_before(work, row))


async def _there(work: Work, client_key: str, occurrence_id: str | None) -> list[Row]:
    values = {"client_key": client_key, "occurrence_id": occurrence_id}
    return await work.rows(storing.THERE, **values, **sender(work))


async def _known(
    work: Work, asked: SubmissionCreate, about: str, there: list[Row], slot: Row | None
) -> Row | None:
    """The receipt of what came under this key before. Raises Invalid for other content, and for
    what somebody else sent, of which nothing is told."""
    for row in there:
        if row["client_key"] == asked.client_key:
            if row["guardian_id"] != sender(work)["guardian_id"]:
                raise once.taken()
            if slot is None or slot["id"] != row["occurrence_id"]:
                of = storing.SLOT[work.actor.capacity]
                slot = await work.row(of, id=row["occurrence_id"], **sender(work))
            assert slot is not None
            receipt = await _receipt(work, row, slot, told=await _told_before(work, row))
            form = await library.form(work, str(asked.exercise_version_id))
            answers = await named_files.by_id(work, form, asked.answers)
            answers = canonical_answers(form, answers)
            said = once.fingerprint(work.client_id, asked, about=about, answers=answers)
            once.demand_same(row["body_hash"], said, receipt)
            return receipt
    return None


async def _values(
    work: Work, slot: Row, asked: SubmissionCreate, about: str, newest: Row | None
) -> tuple[dict[str, Any], dict[str, str]]:
    """What is stored of it as the version after `newest`, and the files that go with it, each
    with its place in the body.

    Raises Invalid for answers that do not fit.
    """
    form, answers, checked = await fitting.checked(
        work,
        str(asked.exercise_version_id),
        slot["exercise_version_id"],
        asked.answers,
        completed=asked.outcome == "completed",
    )
    # Where nothing was dropped, what was checked is the canonical form of all that was said.
    answers = canonical_answers(form, answers) if checked.dropped else checked.answers
    said = once.fingerprint(work.client_id, asked, about=about, answers=answers)
    received_at = now()
    at = corrected(asked.occurred_at, asked.sent_at, received_at)
    visible = asked.answers_visible or default(slot["has_guardians"])
    attention = _attention(asked, checked, visible)
    before = _marked(newest)
    of_all = attention.beside(before) if before else attention
    values: dict[str, Any] = {
        "version_id": new_id(),
        "occurrence_id": slot["id"],
        "assignment_id": slot["assignment_id"],
        "episode_id": slot["episode_id"],
        "library_id": slot["library_id"],
        "exercise_version_id": str(asked.exercise_version_id),
        "client_key": asked.client_key,
        "body_hash": said.digest,
        "outcome": asked.outcome,
        "answers_visible": visible,
        "engagement": asked.engagement.model_dump(exclude_none=True) if asked.engagement else None,
        "obstacles": list(dict.fromkeys(asked.obstacles)),
        "unsafe_from": asked.unsafe_from,
        "attention": attention.reasons,
        "version_level": attention.level,
        "attention_level": of_all.level,
        "attention_reasons": of_all.reasons,
        "needs_attention": of_all.level is not None,
        "dropped": list(checked.dropped),
        "kept_hidden": list(checked.kept_hidden),
        "occurred_at": asked.occurred_at,
        "occurred_corrected_at": at,
        "sent_at": asked.sent_at,
        "draft_version": asked.draft_version,
        "received_at": received_at,
        "zone": asked.zone or await profiles.zone(work),
        "in_window": _in_window(at, slot),
        "capacity": work.actor.capacity,
        "met": None,
        "guardian_level": TO_GUARDIANS[visible] if slot["kept_by"] is None else NOTHING,
        "staff_level": TO_STAFF[visible],
        "kept_by": slot["kept_by"],
        **sender(work),
    }
    values["answers"] = await work.sealed(
        SubmissionAnswer.answers, values["version_id"], work.client_id, checked.answers
    )
    named = uploads_in(form, checked.answers)
    places = {one: f"/answers/{name}" for name, one in checked.answers.items() if one in named}
    return values, {str(one): place for one, place in places.items()}


async def _store(
    work: Work,
    slot: Row,
    values: dict[str, Any],
    files: dict[str, str],
    newest: Row | None,
    write: Query | None = None,
) -> Row:
    """Write it as the version after `newest`, with the draft's end; the receipt."""
    values["submission_id"] = newest["submission_id"] if newest else new_id()
    values["number"] = newest["number"] + 1 if newest else 1
    values["submission_version"] = newest["submission_version"] + 1 if newest else 1
    # What guardians saw of it before is all that they see of it now.
    values["quiet"] = (
        newest is not None
        and newest["withdrawn_at"] is None
        and newest["guardian_level"] == values["guardian_level"] == NOTHING
    )
    is_guardian = work.actor.capacity == "guardian"
    if is_guardian and slot["is_led"]:
        first, following = storing.WRITE_BESIDE_FIRST, storing.WRITE_BESIDE_NEXT
    # A guardian's work leaves the client's own draft where it is.
    elif _ends_draft(slot, values["draft_version"]) and not is_guardian:
        first, following = storing.SEND_DRAFT_FIRST, storing.SEND_DRAFT_NEXT
    else:
        first, following = storing.WRITE_FIRST, storing.WRITE_NEXT
    chosen = write or (following if newest else first)
    await write_once(
        work,
        lambda: work.run(chosen, **values),
        key=_ONE_KEY,
        is_there=lambda: _there(work, values["client_key"], None),
    )
    if newest:
        await _follow(work, values, newest)
    await using.use(work, list(files), values["submission_id"], _files_visible(values), at=files)
    if newest and newest["has_files"]:
        await using.leave(work, values["submission_id"], list(files))
    work.tell("homework.submitted", values["submission_id"], work.client_id)
    if values["version_level"] is not None:
        work.tell("homework.needs_attention", values["submission_id"], work.client_id)
    # Whoever asks has sent it: nobody else gets this receipt.
    told = await attention_receipts.told(
        work, values["version_level"], episode_id=values["episode_id"]
    )
    return await _receipt(work, values, slot | {"status": "submitted"}, told=told)


async def _told_before(work: Work, stored: Row) -> Row | None:
    """Who is told of what was sent before; None for what was reviewed since, or taken back."""
    reviewed = stored["reviewed_number"]
    is_over = stored["withdrawn_at"] is not None or (
        reviewed is not None and reviewed >= stored["number"]
    )
    return await attention_receipts.told_before(
        work,
        None if is_over else stored["version_level"],
        episode_id=stored["episode_id"],
        id_=stored["submission_id"],
    )


def _ends_draft(slot: Row, seen: int | None) -> bool:
    """Whether the slot's draft ends with what was sent: not one that its sender has not seen."""
    return slot["drafted_at"] is not None and seen in (None, slot["draft_version"])


async def _follow(work: Work, values: dict[str, Any], newest: Row) -> None:
    """What the next version leaves of those before it, and of their files."""
    if newest["has_files"] and newest["reviewed_number"] == newest["number"]:
        await using.keep_for_staff(work, values["submission_id"])
    if values["guardian_level"] < WHOLE or values["staff_level"] < WHOLE:
        await visibility.narrow(
            work,
            values["submission_id"],
            below=values["number"],
            guardians=values["guardian_level"],
            staff=values["staff_level"],
        )


def _files_visible(values: dict[str, Any]) -> using.Visible:
    if values["staff_level"] < WHOLE:
        return "summary_only"
    return "shared" if values["guardian_level"] == WHOLE else "therapist"


def _attention(asked: SubmissionCreate, checked: Checked, visible: str) -> Attention:
    """What this version asks for."""
    answers = of_answers(
        checked.attention_level, checked.attention, shared=visible != "summary_only"
    )
    return of_obstacles(asked.obstacles).beside(answers)


def _marked(newest: Row | None) -> Attention | None:
    """What the versions before ask for."""
    if newest is None:
        return None
    return Attention(newest["attention_level"], newest["attention_reasons"])


_ONE_KEY: Final = "uq_submission_versions_practice_id_client_id_client_key"


def _in_window(moment: datetime, slot: Row) -> bool:
    if slot["opens_at"] is None:
        # No window is known: the slot waits for a session, or is the work's own.
        return True
    # Devices tell whole seconds: what was done in the second it opened was not too early.
    opens_at, ends_at = slot["opens_at"].replace(microsecond=0), slot["closes_at"] or slot["due_at"]
    return bool(opens_at <= moment and (ends_at is None or moment <= ends_at))


async def _receipt(work: Work, stored: Row, slot: Row, *, told: Row | None) -> Row:
    which = {"submission_id": stored["submission_id"], "met": stored["met"]}
    also = await work.rows(storing.ALSO_ANSWERED, **which) if stored["met"] else []
    state = slot["status"]
    if state == "reviewed" and work.actor.capacity == "guardian":
        # Whether the client's entry was read is not a part of theirs.
        state = "submitted"
    return {
        "submission_id": stored["submission_id"],
        "version": stored["number"],
        "submission_version": stored["submission_version"],
        "occurrence_id": stored["occurrence_id"],
        "state": state,
        "received_at": stored["received_at"],
        "in_window": stored["in_window"],
        "dropped": stored["dropped"],
        "kept_hidden": stored["kept_hidden"],
        "also_answered": [
            {"number": one["number"], "received_at": one["received_at"]} for one in also
        ],
        "told": told,
        "help": crisis_help.shown(slot["crisis_resources"]),
    }
