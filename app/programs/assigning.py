"""A program is given to a client, read by both sides, and ended."""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, any_, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.visible import own, readable, treated
from app.clients import care
from app.core.errors import Invalid
from app.core.ids import new_id
from app.core.statements import UUID_TEXT, Query, p
from app.homework import checking
from app.homework.agreeing import THEIRS
from app.homework.models import Assignment
from app.operation import preconditions, states
from app.operation.failures import not_on_care_team
from app.operation.work import Row, Work
from app.programs import advancing, placing, service, steps
from app.programs.advancing import ANSWERED
from app.programs.models import ProgramAssignment
from app.programs.placing import Given
from app.programs.schemas import ProgramAssign

STATES: Final[states.Transitions] = {"active": frozenset({"ended"})}
_HIDDEN: Final = ("areas", "library_id")

_MINE: Final = (
    ProgramAssignment.id,
    ProgramAssignment.client_id,
    ProgramAssignment.title,
    ProgramAssignment.status,
    ProgramAssignment.steps,
    ProgramAssignment.created_at,
    ProgramAssignment.version,
)
_ALL: Final = (
    *_MINE,
    ProgramAssignment.episode_id,
    ProgramAssignment.program_id,
    ProgramAssignment.agreed,
    ProgramAssignment.next_at,
    ProgramAssignment.assigned_by,
    ProgramAssignment.ended_by,
    ProgramAssignment.changed_at,
)


def _one(ground: ColumnElement[bool]) -> Query:
    return Query(select(*_ALL).where(ProgramAssignment.id == p("id"), ground))


def _page(columns: Iterable[Any], ground: ColumnElement[bool]) -> Query:
    return Query(
        select(*columns)
        .where(
            ProgramAssignment.client_id == p("of_client"),
            ProgramAssignment.id < p("after"),
            ground,
        )
        .order_by(ProgramAssignment.id.desc())
        .limit(p("limit", Integer()))
    )


def _given(ground: ColumnElement[bool]) -> Query:
    """The assignments of several programs, in the order of their steps."""
    return Query(
        select(
            Assignment.id,
            Assignment.client_id,
            Assignment.program_assignment_id,
            Assignment.program_step,
            Assignment.status,
            Assignment.created_at,
            ANSWERED,
        )
        .where(
            Assignment.client_id == p("of_client"),
            Assignment.program_assignment_id == any_(p("ids", ARRAY(UUID_TEXT))),
            ground,
        )
        .order_by(Assignment.program_step)
    )


_ONE, _TREATED = _one(readable(ProgramAssignment)), _one(treated(ProgramAssignment))
_LIST = _page(_ALL, readable(ProgramAssignment))
_MY_LIST = _page(_MINE, own(ProgramAssignment))
_GIVEN, _MY_GIVEN = _given(readable(Assignment)), _given(THEIRS)


async def assign(work: Work, client_id: str, asked: ProgramAssign) -> Row:
    """A program for a client, with the steps that come at once given.

    Raises as `care.treated_episode` and `steps.frozen` do, and Invalid for a program that is not
    there or retired.
    """
    episode_id = await care.treated_episode(
        work, client_id, str(asked.episode_id) if asked.episode_id else None
    )
    program = await service.find(work, str(asked.program_id))
    if program is None or program["is_retired"]:
        code, detail = (
            "programs.program",
            "There is no such program, or it is retired. Choose another.",
        )
        wrong = {"pointer": "/program_id", "code": code, "detail": detail}
        raise Invalid(code, detail, errors=[wrong])  # type: ignore[list-item]
    client = await checking.client(work, client_id)
    made = new_id()
    await work.add(
        ProgramAssignment,
        id=made,
        client_id=client_id,
        episode_id=episode_id,
        program_id=program["id"],
        title=program["title"],
        agreed=asked.agreed,
        steps=await steps.frozen(work, program["steps"].value, client["locale"]),
        assigned_by=work.actor.user_id,
    )
    work.tell("programs.assigned", made, client_id)
    await advancing.advance(work, made, by_itself=False)
    return await get(work, made)


async def get(work: Work, program_assignment_id: str) -> Row:
    """One given program, for staff who may read it. Raises as `work.nothing` does."""
    row = await work.row(_ONE, id=program_assignment_id)
    if row is None:
        await work.nothing(ProgramAssignment, program_assignment_id)
    return (await _shown(work, row["client_id"], [row]))[0]


async def list_of(work: Work, client_id: str, *, after: str, limit: int) -> list[Row]:
    """A client's programs, newest first, one past the limit."""
    rows = await work.rows(_LIST, of_client=client_id, after=after, limit=limit + 1)
    if not rows:
        await care.demand_readable(work, client_id)
    return await _shown(work, client_id, rows)


async def end(work: Work, program_assignment_id: str) -> Row:
    """No step comes any more; those that were given stay as they are.

    Raises as `get` does, Forbidden `access.not_on_care_team` for who only reads, Conflict once it
    is over, VersionRequired or Stale.
    """
    row = await work.row(_TREATED, id=program_assignment_id)
    if row is None:
        await get(work, program_assignment_id)
        raise not_on_care_team()
    if row["status"] == "ended" and row["ended_by"] == work.actor.user_id:
        return await get(work, program_assignment_id)
    states.demand("programs", STATES, row["status"], "ended")
    seen = preconditions.demand(work, row["version"])
    await work.change(
        ProgramAssignment,
        program_assignment_id,
        seen,
        status="ended",
        next_at=None,
        ended_by=work.actor.user_id,
    )
    work.tell("programs.ended", program_assignment_id, row["client_id"])
    return await get(work, program_assignment_id)


async def my_list(work: Work, *, after: str, limit: int) -> list[Row]:
    """The client's programs, newest first, one past the limit."""
    rows = await work.rows(_MY_LIST, of_client=work.client_id, after=after, limit=limit + 1)
    given = await _by_program(work, _MY_GIVEN, work.client_id, rows)
    return [_mine(row, given.get(row["id"], {})) for row in rows]


async def _shown(work: Work, client_id: str, rows: list[Row]) -> list[Row]:
    given = await _by_program(work, _GIVEN, client_id, rows)
    return [_staffs(row, given.get(row["id"], {})) for row in rows]


async def _by_program(
    work: Work, query: Query, client_id: str, rows: list[Row]
) -> dict[str, dict[int, Row]]:
    """For each program the assignments of its steps, by their number."""
    found: dict[str, dict[int, Row]] = {}
    if rows:
        ids = [row["id"] for row in rows]
        for one in await work.rows(query, of_client=client_id, ids=ids):
            found.setdefault(one["program_assignment_id"], {})[one["program_step"]] = one
    return found


def _staffs(row: Row, given: dict[int, Row]) -> Row:
    kept: list[Row] = row["steps"].value
    waiting = row["status"] == "active"
    waits = placing.waits_for(kept, [_as_given(given[n]) for n in sorted(given)])
    row["waits_for"] = waits if waiting else None
    next_at = row.pop("next_at")
    row["comes_at"] = next_at if waiting and waits == "day" else None
    row["steps"] = [
        {name: value for name, value in step.items() if name not in _HIDDEN}
        | {"number": number, "state": "waiting", "assignment_id": None}
        | {"assignment_status": None, "given_at": None}
        | (_where(given[number]) if number in given else {})
        for number, step in enumerate(kept, 1)
    ]
    return row


def _mine(row: Row, given: dict[int, Row]) -> Row:
    kept: list[Row] = row["steps"].value
    to_come = len(kept) - max(given, default=0)
    row["to_come"] = to_come if row["status"] == "active" else 0
    row["steps"] = [
        {"number": number, "title": step["title"]} | _where(given[number])
        for number, step in enumerate(kept, 1)
        if number in given
    ]
    for step in row["steps"]:
        del step["assignment_status"]
    del row["client_id"]
    return row


def _where(assignment: Row) -> Row:
    return {
        "state": "done" if _as_given(assignment).is_done else "given",
        "assignment_id": assignment["id"],
        "assignment_status": assignment["status"],
        "given_at": assignment["created_at"],
    }


def _as_given(assignment: Row) -> Given:
    return Given(assignment["created_at"], assignment["status"], assignment["is_answered"])
