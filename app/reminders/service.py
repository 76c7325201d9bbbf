"""What a client chose of reminders, and what follows for the slots ahead."""

from datetime import time
from typing import Any, Final

from sqlalchemy import Text, Time, any_, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from app.access.visible import own
from app.choices import reminding
from app.choices.models import ReminderChoice
from app.choices.reminding import CHOSEN, USUAL_HOUR
from app.clients.models import Client
from app.core.clock import now
from app.core.database import Instant
from app.core.errors import Forbidden, Invalid
from app.core.ids import new_id
from app.core.statements import UUID_TEXT, Query, p
from app.homework.models import Assignment, Occurrence
from app.operation import preconditions
from app.operation.work import Row, Work
from app.reminders.schemas import AssignmentChoice, MyRemindersUpdate
from app.schedules import rules
from app.schedules.slots import Slot

UNCHOSEN: Final = 1
"""The version of a choice nobody has made yet; the first one made is version 2."""

# What is kept from guardians is not named to them here either.
_IS_SEEN = or_(
    ReminderChoice.assignment_id.is_(None),
    select(Assignment.id)
    .where(own(Assignment), Assignment.id == ReminderChoice.assignment_id)
    .correlate(ReminderChoice)
    .exists(),
)
_MINE = Query(
    select(*CHOSEN, ReminderChoice.chosen_as)
    .where(own(ReminderChoice), _IS_SEEN)
    .order_by(ReminderChoice.assignment_id)
    .limit(500)
)
_ME = Query(select(Client.id, Client.words).where(own(Client)))
# Held until the end: two choices at once would each plan the slots by half of it.
_HOLD = Query(
    select(Client.id, Client.words).where(own(Client)).with_for_update(of=Client, key_share=True)
)
_ASSIGNMENTS = Query(
    select(Assignment.id).where(
        own(Assignment),
        Assignment.id == any_(p("ids", ARRAY(UUID_TEXT))),
        Assignment.status != "draft",
        Assignment.status != "discarded",
    )
)
_single = insert(ReminderChoice).from_select(
    ["practice_id", "client_id", "id", "assignment_id", "channel", "remind_at"],
    select(
        p("practice_id"),
        p("of_client"),
        func.unnest(p("ids", ARRAY(UUID_TEXT))),
        func.unnest(p("assignment_ids", ARRAY(UUID_TEXT))),
        func.unnest(p("channels", ARRAY(Text()))),
        func.unnest(p("hours", ARRAY(Time()))),
    ),
)
_SINGLE = Query(
    _single.on_conflict_do_update(
        index_elements=["practice_id", "client_id", "assignment_id"],
        set_={"channel": _single.excluded.channel, "remind_at": _single.excluded.remind_at},
    )
)
_AS_THE_OTHERS = Query(
    update(ReminderChoice)
    .where(
        ReminderChoice.practice_id == p("practice_id"),
        ReminderChoice.client_id == p("of_client"),
        ReminderChoice.assignment_id.is_not(None),
        ~(ReminderChoice.assignment_id == any_(p("but_for", ARRAY(UUID_TEXT)))),
    )
    .values(channel=None, remind_at=None)
)
_AHEAD = Query(
    select(
        Occurrence.id,
        Occurrence.client_id,
        Occurrence.assignment_id,
        Occurrence.slot,
        Occurrence.local_on,
        Occurrence.opens_at,
        Occurrence.due_at,
        Occurrence.closes_at,
        Occurrence.remind_at,
        Assignment.zone,
        Assignment.schedule,
    )
    .join(
        Assignment,
        (Assignment.practice_id == Occurrence.practice_id)
        & (Assignment.client_id == Occurrence.client_id)
        & (Assignment.id == Occurrence.assignment_id),
    )
    .where(
        Occurrence.practice_id == p("practice_id"),
        Occurrence.client_id == p("of_client"),
        Occurrence.status == "upcoming",
        Occurrence.opens_at.is_not(None),
        or_(Occurrence.closes_at.is_(None), Occurrence.closes_at > p("moment", Instant())),
    )
)
_PLACED: Final = ("slot", "local_on", "opens_at", "due_at", "closes_at")
_told = select(
    func.unnest(p("ids", ARRAY(UUID_TEXT))).label("id"),
    func.unnest(p("times", ARRAY(Instant()))).label("remind_at"),
).subquery()
_TELL = Query(
    update(Occurrence)
    .where(
        Occurrence.practice_id == p("practice_id"),
        Occurrence.client_id == p("of_client"),
        Occurrence.id == _told.c.id,
        Occurrence.status == "upcoming",
    )
    .values(
        remind_at=_told.c.remind_at,
        version=Occurrence.version + 1,
        changed_at=func.now(),
    )
)


async def get(work: Work) -> Row:
    """The client's choice; that of nobody yet is `none`, in version 1."""
    me = await work.row(_ME)
    return _shape(await work.rows(_MINE), me is not None and address(me) is not None)


async def update_mine(work: Work, asked: MyRemindersUpdate, seen: preconditions.Seen | None) -> Row:
    """Choose anew, and tell the slots ahead when they are reminded of; those past stay.

    `seen` is the version the caller saw. Raises NotFound when the door looks empty, Forbidden for
    a guardian where the client has chosen in person, Invalid
    `reminders.no_address` without an e-mail address that may be written to and
    `reminders.assignment` for what is no assignment of theirs, VersionRequired or Stale.
    """
    me = await work.row(_HOLD)
    if me is None:
        await work.nothing(Client, work.client_id)
    rows = await work.rows(_MINE)
    whole = next((row for row in rows if row["assignment_id"] is None), None)
    if whole and whole["chosen_as"] == "self" and work.actor.capacity == "guardian":
        raise Forbidden(
            "reminders.clients_choice",
            "The client has chosen how to be reminded. Ask them to change it.",
        )
    current = whole["version"] if whole else UNCHOSEN
    given = asked.model_dump(exclude_unset=True)
    if "email" in _channels(asked) and address(me) is None:
        raise _refused("channel", "reminders.no_address", _NO_ADDRESS)
    if asked.assignments:
        await _demand_own(work, asked.assignments)
    seen = preconditions.demand_seen(seen, current)
    if not given:
        return _shape(rows, address(me) is not None)
    values = _values(given, whole) | {"chosen_as": work.actor.capacity}
    if whole is not None:
        await work.change(ReminderChoice, whole["id"], seen, **values)
    else:
        start: dict[str, Any] = {
            "id": new_id(),
            "client_id": work.client_id,
            "version": UNCHOSEN + 1,
        }
        await work.add(ReminderChoice, **start, **values)
    if "assignments" in given:
        await _keep(work, asked.assignments)
    await tell_slots(work, work.client_id)
    work.tell("reminders.chosen", work.client_id, work.client_id)
    return _shape(await work.rows(_MINE), address(me) is not None)


async def tell_slots(work: Work, client_id: str) -> None:
    """Give the client's upcoming slots the reminder that follows from their choice now.

    The slots themselves do not move; one whose reminder has gone by has none any more.
    """
    chosen = await reminding.remind_times(work, client_id)
    changed: dict[str, Any] = {}
    read: dict[str, rules.Schedule] = {}
    for slot in await work.rows(_AHEAD, of_client=client_id, moment=now()):
        rule = read.get(slot["assignment_id"])
        if rule is None:
            rule = read[slot["assignment_id"]] = rules.stored(slot["schedule"])
        window = Slot(*(slot[name] for name in _PLACED))
        found = chosen.remind_at(slot["assignment_id"], rule, window, slot["zone"])
        if found != slot["remind_at"]:
            changed[slot["id"]] = found
    if changed:
        await work.run(_TELL, of_client=client_id, ids=[*changed], times=[*changed.values()])


def address(client: Row) -> Row | None:
    """The contact point that reminders may be mailed to; None without one."""
    return next(
        (
            one
            for one in client["contact_points"]
            if one["kind"] == "email" and one.get("may_email", False)
        ),
        None,
    )


def _channels(asked: MyRemindersUpdate) -> set[str | None]:
    return {asked.channel, *(one.channel for one in asked.assignments or ())}


async def _demand_own(work: Work, asked: list[AssignmentChoice]) -> None:
    wanted = {str(one.assignment_id) for one in asked}
    found = {row["id"] for row in await work.rows(_ASSIGNMENTS, ids=list(wanted))}
    if wanted - found:
        raise _refused(
            "assignments", "reminders.assignment", "One of these is no assignment of yours."
        )


def _values(given: dict[str, Any], whole: Row | None) -> dict[str, Any]:
    """The row of the choice as a whole, with what was given put over what stands."""
    values: dict[str, Any] = {"channel": "none"}
    for wire, column in (
        ("channel", "channel"),
        ("at", "remind_at"),
        ("quiet_from", "quiet_from"),
        ("quiet_to", "quiet_to"),
        ("digest", "is_digest"),
    ):
        if wire in given:
            values[column] = _hour(given[wire]) if column not in _PLAIN else given[wire]
        elif whole is not None:
            values[column] = whole[column]
    return values


_PLAIN: Final = ("channel", "is_digest")


async def _keep(work: Work, asked: list[AssignmentChoice]) -> None:
    named = [str(one.assignment_id) for one in asked]
    await work.run(_AS_THE_OTHERS, of_client=work.client_id, but_for=named)
    if named:
        await work.run(
            _SINGLE,
            of_client=work.client_id,
            ids=[new_id() for _ in named],
            assignment_ids=named,
            channels=[one.channel for one in asked],
            hours=[_hour(one.at) for one in asked],
        )


def _hour(written: str | None) -> time | None:
    return None if written is None else time.fromisoformat(written)


def _written(hour: time | None) -> str | None:
    return None if hour is None else f"{hour:%H:%M}"


def _shape(rows: list[Row], can_email: bool) -> Row:
    whole: Row = next((row for row in rows if row["assignment_id"] is None), {})
    return {
        "channel": whole.get("channel", "none"),
        "at": _written(whole.get("remind_at") or USUAL_HOUR),
        "quiet_from": _written(whole.get("quiet_from")),
        "quiet_to": _written(whole.get("quiet_to")),
        "digest": whole.get("is_digest", False),
        "assignments": [
            {
                "assignment_id": row["assignment_id"],
                "channel": row["channel"],
                "at": _written(row["remind_at"]),
            }
            for row in rows
            if row["assignment_id"] and (row["channel"] or row["remind_at"])
        ],
        "can_email": can_email,
        "version": whole.get("version", UNCHOSEN),
    }


_NO_ADDRESS: Final = (
    "There is no e-mail address on file that may be written to. Put one into your profile first,"
    " with may_email."
)


def _refused(name: str, code: str, detail: str) -> Invalid:
    return Invalid(code, detail, errors=[{"pointer": f"/{name}", "code": code, "detail": detail}])
