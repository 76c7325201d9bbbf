"""A practice's programs: made, changed, retired."""

from typing import Any, Final

from sqlalchemy import Boolean, Integer, func, or_, select

from app.core.errors import Conflict
from app.core.ids import new_id
from app.core.statements import Query, p
from app.operation import preconditions
from app.operation.work import Row, Work
from app.programs import steps
from app.programs.models import Program
from app.programs.schemas import ProgramCreate, ProgramUpdate

_HEAD: Final = (
    Program.id,
    Program.title,
    func.jsonb_array_length(Program.steps).label("step_count"),
    Program.is_retired,
    Program.made_by,
    Program.created_at,
    Program.changed_at,
    Program.version,
)
_ONE = Query(
    select(*_HEAD, Program.steps).where(
        Program.practice_id == p("practice_id"), Program.id == p("id")
    )
)
_LIST = Query(
    select(*_HEAD)
    .where(
        Program.practice_id == p("practice_id"),
        Program.id < p("after"),
        or_(Program.is_retired.is_(False), p("retired", Boolean())),
    )
    .order_by(Program.id.desc())
    .limit(p("limit", Integer()))
)


async def create(work: Work, asked: ProgramCreate) -> Row:
    """A new program. Raises as `steps.check` does."""
    program_id = new_id()
    await work.add(
        Program,
        id=program_id,
        title=asked.title,
        steps=await steps.check(work, asked.steps),
        made_by=work.actor.user_id,
    )
    work.tell("programs.created", program_id)
    return await get(work, program_id)


async def get(work: Work, program_id: str) -> Row:
    """One program, whole. Raises NotFound."""
    row = await find(work, program_id)
    if row is None:
        await work.nothing(Program, program_id)
    return row


async def find(work: Work, program_id: str) -> Row | None:
    """One program, whole; None where there is none."""
    return await work.row(_ONE, id=program_id)


async def list_of(work: Work, *, after: str, limit: int, retired: bool) -> list[Row]:
    """The practice's programs, newest first, one past the limit; the `retired` ones too."""
    return await work.rows(_LIST, after=after, limit=limit + 1, retired=retired)


async def update(work: Work, program_id: str, asked: ProgramUpdate) -> Row:
    """Change it for whom it is assigned to from now on.

    Raises NotFound, Conflict once it is retired, VersionRequired, Stale, and as `steps.check` does.
    """
    current = await get(work, program_id)
    if current["is_retired"]:
        raise Conflict("programs.retired", "It is retired and stays as it is.")
    given: set[str] = asked.model_fields_set
    values: dict[str, Any] = {
        "title": asked.title if "title" in given else current["title"],
        "steps": await steps.check(work, asked.steps) if "steps" in given else current["steps"],
    }
    seen = preconditions.demand(work, current["version"])
    if not given:
        return current
    await work.change(Program, program_id, seen, **values)
    work.tell("programs.changed", program_id)
    return await get(work, program_id)


async def retire(work: Work, program_id: str) -> Row:
    """Never to be assigned again; what was assigned goes on.

    Raises NotFound, VersionRequired or Stale.
    """
    current = await get(work, program_id)
    if current["is_retired"]:
        return current
    seen = preconditions.demand(work, current["version"])
    await work.change(Program, program_id, seen, is_retired=True)
    work.tell("programs.retired", program_id)
    return await get(work, program_id)
