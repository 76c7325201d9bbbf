"""A client sends what was done. Nothing is refused for its time, nothing is stored twice.

Three statements: the slot, locked; what is there under the key; and one that writes it all.
"""

from datetime import datetime
from typing import Any, Final

from app.core.clock import now
from app.core.errors import Invalid
from app.core.ids import new_id
from app.homework import storing
from app.homework.models import Occurrence, SubmissionAnswer
from app.homework.sent import SubmissionCreate
from app.library import service as library
from app.library.forms import Checked, check_answers
from app.operation import once
from app.operation.work import Row, Work
from app.practices import help as crisis_help

WORRYING: Final = frozenset({"unsafe", "felt_worse"})
"""Obstacles that mark a submission `needs_attention`, whatever else it says."""


async def submit(work: Work, occurrence_id: str, asked: SubmissionCreate) -> tuple[Row, bool]:
    """Store it once; the receipt, and whether it is new.

    A new key for an answered slot is its next version. Raises NotFound, and Invalid for answers
    that do not fit the form, another form's version, or other content under a known key.
    """
    slot = await work.row(storing.SLOT, id=occurrence_id)
    if slot is None:
        await work.nothing(Occurrence, occurrence_id)
    there = await work.rows(storing.THERE, client_key=asked.client_key, occurrence_id=occurrence_id)
    said = once.digest(work.client_id, asked, about=occurrence_id)
    for row in there:
        if row["client_key"] == asked.client_key:
            if row["occurrence_id"] != occurrence_id:
                slot = await work.row(storing.SLOT, id=row["occurrence_id"]) or slot
            receipt = _receipt(row, slot)
            once.demand_same(row["body_hash"], said, receipt)
            return receipt, False
    checked = await _check(work, slot, asked)
    received_at = now()
    corrected = _corrected(asked, received_at)
    attention = _attention(asked, checked)
    newest = there[0] if there else None
    values: dict[str, Any] = {
        "version_id": new_id(),
        "submission_id": newest["submission_id"] if newest else new_id(),
        "number": newest["number"] + 1 if newest else 1,
        "occurrence_id": occurrence_id,
        "assignment_id": slot["assignment_id"],
        "episode_id": slot["episode_id"],
        "library_id": slot["library_id"],
        "exercise_version_id": str(asked.exercise_version_id),
        "client_key": asked.client_key,
        "body_hash": said,
        "outcome": asked.outcome,
        "answers_visible": asked.answers_visible,
        "engagement": asked.engagement.model_dump(exclude_none=True) if asked.engagement else None,
        "obstacles": list(dict.fromkeys(asked.obstacles)),
        "attention": attention,
        "needs_attention": bool(attention),
        "dropped": list(checked.dropped),
        "occurred_at": asked.occurred_at,
        "occurred_corrected_at": corrected,
        "sent_at": asked.sent_at,
        "received_at": received_at,
        "zone": asked.zone,
        "in_window": _in_window(corrected, slot),
        "capacity": work.actor.capacity,
    }
    values["answers"] = await work.sealed(
        SubmissionAnswer.answers, values["version_id"], work.client_id, checked.answers
    )
    await work.run(storing.WRITE_NEXT if newest else storing.WRITE_FIRST, **values)
    work.tell("homework.submitted", values["submission_id"], work.client_id)
    if attention:
        work.tell("homework.needs_attention", values["submission_id"], work.client_id)
    return _receipt(values | {"state": "submitted"}, slot), True


async def _check(work: Work, slot: Row, asked: SubmissionCreate) -> Checked:
    version_id = str(asked.exercise_version_id)
    fits = version_id == slot["exercise_version_id"] or await library.same_exercise(
        work, version_id, slot["exercise_version_id"]
    )
    form = await library.form(work, version_id) if fits else None
    if form is None:
        raise _invalid(
            [
                {
                    "pointer": "/exercise_version_id",
                    "code": "homework.version",
                    "detail": "This is not a version of the exercise that was assigned.",
                }
            ]
        )
    checked = check_answers(form, asked.answers, completed=asked.outcome == "completed")
    if checked.errors:
        raise _invalid(
            [
                {"pointer": one.pointer, "code": one.code, "detail": one.detail}
                for one in checked.errors
            ]
        )
    return checked


def _attention(asked: SubmissionCreate, checked: Checked) -> list[str]:
    """Why it needs attention: the fields that ask for it, unless the answers are the client's
    alone (then `answers`), and the obstacles."""
    fields = list(checked.attention)
    if fields and asked.answers_visible != "shared":
        fields = ["answers"]
    return [*fields, *(one for one in asked.obstacles if one in WORRYING)]


def _invalid(errors: list[Any]) -> Invalid:
    return Invalid(
        "homework.answers",
        "Some answers do not fit the form. Correct those listed; nothing is lost on your side.",
        errors=errors,
    )


def _corrected(asked: SubmissionCreate, received_at: datetime) -> datetime:
    """When it was, by our clock: the device's clock was off by what `sent_at` says."""
    if asked.sent_at is None:
        return asked.occurred_at
    try:
        return asked.occurred_at + (received_at - asked.sent_at)
    except OverflowError:
        return asked.occurred_at


def _in_window(moment: datetime, slot: Row) -> bool:
    # Devices tell whole seconds: what was done in the second it opened was not too early.
    opens_at, ends_at = slot["opens_at"].replace(microsecond=0), slot["closes_at"] or slot["due_at"]
    return bool(opens_at <= moment and (ends_at is None or moment <= ends_at))


def _receipt(stored: Row, slot: Row) -> Row:
    return {
        "submission_id": stored["submission_id"],
        "version": stored["number"],
        "occurrence_id": stored["occurrence_id"],
        "state": stored.get("state") or slot["status"],
        "received_at": stored["received_at"],
        "in_window": stored["in_window"],
        "dropped": stored["dropped"],
        "help": crisis_help.shown(slot["crisis_resources"]),
    }
