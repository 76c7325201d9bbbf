"""What a client asks about an assignment, before or after accepting; it stands until answered."""

from typing import Any, Final

from sqlalchemy import Boolean, Integer, Text, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.visible import own, readable, treated
from app.core.clock import now
from app.core.ids import new_id
from app.core.statements import UUID_TEXT, Query, p
from app.homework import agreeing, stating
from app.homework.along import Question
from app.homework.asked import AnswerCreate, QuestionCreate
from app.operation import once, states
from app.operation.failures import not_on_care_team
from app.operation.work import Row, Work

STATES: Final[states.Transitions] = {"open": frozenset({"answered"})}

_MINE: Final = (
    Question.id,
    Question.client_id,
    Question.assignment_id,
    Question.question,
    Question.answer,
    Question.answered_at,
    Question.created_at,
    Question.version,
)
_ALL: Final = (*_MINE, Question.episode_id, Question.answered_by)


def _page(columns: tuple[Any, ...], ground: Any) -> Query:
    return Query(
        select(*columns)
        .where(
            ground,
            Question.id < p("after"),
            or_(
                p("open", Boolean()).is_(None),
                Question.answered_at.is_(None) == p("open", Boolean()),
            ),
        )
        .order_by(Question.id.desc())
        .limit(p("limit", Integer()))
    )


_LIST = _page(_ALL, readable(Question))
_ONE = Query(select(*_ALL).where(Question.id == p("id"), readable(Question)))
_TREATED = Query(select(*_ALL).where(Question.id == p("id"), treated(Question)))
_MY_LIST = _page(_MINE, own(Question))
_SEVERAL = Query(
    select(*_MINE).where(Question.id == p("ids", ARRAY(UUID_TEXT)).any_(), own(Question))
)
_MY_ONE = Query(select(*_MINE).where(Question.id == p("id"), own(Question)))
_UNDER_KEY = Query(
    select(*_MINE, Question.body_hash).where(
        own(Question), Question.client_key == p("client_key", Text())
    )
)


async def ask(work: Work, assignment_id: str, asked: QuestionCreate) -> tuple[Row, bool]:
    """Store a question once; it, and whether it is new.

    Raises NotFound, and Invalid for another question under the same key.
    """
    assignment = await agreeing.stored(work, assignment_id)
    said = once.fingerprint(work.client_id, asked, about=assignment_id)
    earlier = await work.row(_UNDER_KEY, client_key=asked.client_key)
    is_new = False
    if earlier is None:
        question_id = new_id()
        is_new = await work.add(
            Question,
            unless=("practice_id", "client_id", "client_key"),
            id=question_id,
            client_id=work.client_id,
            episode_id=assignment["episode_id"],
            assignment_id=assignment_id,
            client_key=asked.client_key,
            body_hash=said.digest,
            question=asked.question,
        )
        earlier = await work.row(_UNDER_KEY, client_key=asked.client_key)
        if is_new:
            work.tell("homework.asked", question_id, work.client_id)
    assert earlier is not None
    stored = earlier.pop("body_hash")
    receipt = _my_shape(earlier)
    once.demand_same(stored, said, receipt)
    return receipt, is_new


async def my_list(work: Work, *, after: str, limit: int, is_open: bool | None) -> list[Row]:
    """The client's own questions, newest first, one past the limit."""
    rows = await work.rows(_MY_LIST, after=after, limit=limit + 1, open=is_open)
    return [_my_shape(row) for row in rows]


async def several(work: Work, ids: list[str]) -> list[Row]:
    """Those of the client's own questions that have these ids."""
    return [_my_shape(row) for row in await work.rows(_SEVERAL, ids=ids)]


async def mine(work: Work, question_id: str) -> Row:
    """One of the client's own questions. Raises NotFound."""
    row = await work.row(_MY_ONE, id=question_id)
    if row is None:
        await work.nothing(Question, question_id)
    return _my_shape(row)


async def list_of(work: Work, *, after: str, limit: int, is_open: bool | None) -> list[Row]:
    """What the caseload asks, newest first, one past the limit."""
    return await work.rows(_LIST, after=after, limit=limit + 1, open=is_open)


async def get(work: Work, question_id: str) -> Row:
    """One question, for staff who may read it. Raises as `work.nothing` does."""
    row = await work.row(_ONE, id=question_id)
    if row is None:
        await work.nothing(Question, question_id)
    return row


async def answer(work: Work, question_id: str, asked: AnswerCreate) -> Row:
    """Answer it, once; the same person with the same words changes nothing.

    Raises as `get` does, Forbidden for who only reads, Conflict, VersionRequired or Stale.
    """
    current = await work.row(_TREATED, id=question_id)
    if current is None:
        await get(work, question_id)
        raise not_on_care_team()
    if current["answered_at"] is not None:
        mine = current["answered_by"] == work.actor.user_id
        if mine and current["answer"].value == asked.answer:
            return current
        states.refuse("homework", STATES, "answered", "answered again")
    seen = stating.demand_seen(work, current, None)
    await work.change(
        Question,
        question_id,
        seen,
        client_id=current["client_id"],
        answer=asked.answer,
        answered_at=now(),
        answered_by=work.actor.user_id,
    )
    work.tell("homework.answered", question_id, current["client_id"])
    return await get(work, question_id)


def _my_shape(row: Row) -> Row:
    del row["client_id"]
    return row
