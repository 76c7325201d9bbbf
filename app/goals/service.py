"""The rules of goals: proposed, agreed, rated, held, reached or let go."""

from typing import Any, Final

from sqlalchemy import Integer, Text, func, or_, select, true
from sqlalchemy import update as sql_update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from app.access.visible import own, readable, treated
from app.clients import care
from app.clients.default_visibility import HAS_GUARDIANS, kept_by, shown
from app.core.clock import corrected, now
from app.core.ids import new_id
from app.core.statements import UUID_TEXT, Query, p
from app.goals.models import Goal, GoalRating
from app.goals.schemas import GoalCreate, GoalUpdate, RatingCreate
from app.operation import once, preconditions, states
from app.operation.failures import not_on_care_team
from app.operation.work import Row, Work

STATES: Final[states.Transitions] = {
    "proposed": frozenset({"active", "declined"}),
    "active": frozenset({"on_hold", "achieved", "let_go", "superseded"}),
    "on_hold": frozenset({"active"}),
    "achieved": frozenset({"maintaining", "active"}),
}
WORDS: Final = ("statement", "current_state", "ideal_state")


def _all(*sees: Any, columns: tuple[Any, ...] = ()) -> Any:
    """Goals with each side's newest rating; `sees` says which ratings the reader may see."""
    client, guardian = (_newest_by(rater, *sees) for rater in ("client", "guardian"))
    return (
        select(
            Goal.id,
            Goal.client_id,
            Goal.episode_id,
            Goal.status,
            Goal.answered_as,
            Goal.words,
            Goal.areas,
            Goal.rating_kind,
            Goal.review_on,
            Goal.created_at,
            Goal.changed_at,
            Goal.version,
            *(client.c[name].label(f"client_{name}") for name in _RATING),
            *(guardian.c[name].label(f"guardian_{name}") for name in _RATING),
            *columns,
        )
        .select_from(Goal)
        .outerjoin(client, true())
        .outerjoin(guardian, true())
    )


_RATING: Final = ("value", "at", "kept_by")
_rating = aliased(GoalRating)


def _newest_by(rater: str, *sees: Any) -> Any:
    return (
        select(*(getattr(_rating, name) for name in _RATING))
        .where(
            _rating.practice_id == Goal.practice_id,
            _rating.client_id == Goal.client_id,
            _rating.goal_id == Goal.id,
            _rating.rater == rater,
            *sees,
        )
        .order_by(_rating.at.desc(), _rating.id.desc())
        .limit(1)
        .lateral(f"newest_of_{rater}")
    )


def _page(goals: Any) -> Any:
    return (
        goals.where(
            Goal.client_id == p("of_client"),
            Goal.id < p("after"),
            or_(p("status", Text()).is_(None), Goal.status == p("status", Text())),
        )
        .order_by(Goal.id.desc())
        .limit(p("limit", Integer()))
    )


_ALL: Final = _all()
_ALL_MINE: Final = _all(own(_rating))
_ONE = Query(_ALL.where(Goal.id == p("id"), readable(Goal)))
_ONE_TREATED = Query(_ALL.where(Goal.id == p("id"), treated(Goal)))
_LIST = Query(_page(_ALL).where(readable(Goal)))
_MINE = Query(_ALL_MINE.where(Goal.id == p("id"), own(Goal)))
_MY_LIST = Query(_page(_ALL_MINE).where(own(Goal)))
_MY_SEVERAL = Query(_ALL_MINE.where(Goal.id == p("ids", ARRAY(UUID_TEXT)).any_(), own(Goal)))
_TO_RATE = Query(
    select(Goal.id, Goal.client_id, Goal.status, HAS_GUARDIANS).where(Goal.id == p("id"), own(Goal))
)
_RATED = Query(
    select(
        GoalRating.id,
        GoalRating.client_id,
        GoalRating.goal_id,
        GoalRating.value,
        GoalRating.at,
        GoalRating.created_at,
        GoalRating.body_hash,
        GoalRating.user_id,
        GoalRating.kept_by,
    ).where(own(GoalRating), GoalRating.client_key == p("client_key", Text()))
)
_goal = sql_update(Goal).where(own(Goal), Goal.id == p("goal_id"))
_RATED_NOW = Query(_goal.values(changed_at=func.now()))
"""Other devices are told of the goal anew; it is in the version it was."""
_RATED_QUIETLY = Query(_goal.values(quiet_at=func.now()))
"""The client's own devices are, and no guardian's."""


async def create(work: Work, client_id: str, asked: GoalCreate) -> Row:
    """A goal, proposed to the client, or active when it was agreed in session.

    Raises as `care.treated_episode` does.
    """
    episode_id = await care.treated_episode(
        work, client_id, str(asked.episode_id) if asked.episode_id else None
    )
    goal_id = new_id()
    await work.add(
        Goal,
        id=goal_id,
        client_id=client_id,
        episode_id=episode_id,
        status="active" if asked.agreed else "proposed",
        areas=list(asked.areas),
        words={name: getattr(asked, name) for name in WORDS},
        review_on=asked.review_on,
        proposed_by=work.actor.user_id,
    )
    work.tell("goals.agreed" if asked.agreed else "goals.proposed", goal_id, client_id)
    return await get(work, goal_id)


async def get(work: Work, goal_id: str) -> Row:
    """One goal, for staff who may read it. Raises as `work.nothing` does."""
    row = await work.row(_ONE, id=goal_id)
    if row is None:
        await work.nothing(Goal, goal_id)
    return _shape(row)


async def list_of(
    work: Work, client_id: str, *, after: str, limit: int, status: str | None
) -> list[Row]:
    """A client's goals, newest first, one past the limit."""
    rows = await work.rows(_LIST, of_client=client_id, after=after, limit=limit + 1, status=status)
    if not rows:
        await care.demand_readable(work, client_id)
    return [_shape(row) for row in rows]


async def update(work: Work, goal_id: str, asked: GoalUpdate) -> Row:
    """Change a goal's words, or move it on. Raises Conflict, VersionRequired or Stale."""
    current = await _treated(work, goal_id)
    given = asked.model_dump(exclude_unset=True)
    status = given.pop("status", None) or current["status"]
    if status != current["status"]:
        states.demand("goals", STATES, current["status"], status)
    seen = preconditions.demand(work, current["version"])
    if not asked.model_fields_set:
        return await get(work, goal_id)
    values: dict[str, Any] = {
        "words": {name: given.get(name, current[name]) for name in WORDS},
        "areas": given.get("areas", current["areas"]),
        "review_on": given.get("review_on", current["review_on"]),
        "status": status,
    }
    await work.change(Goal, goal_id, seen, client_id=current["client_id"], **values)
    if status != current["status"]:
        work.tell(f"goals.{status}", goal_id, current["client_id"])
    return await get(work, goal_id)


async def mine(work: Work, goal_id: str) -> Row:
    """One of the client's own goals. Raises NotFound."""
    row = await work.row(_MINE, id=goal_id)
    if row is None:
        await work.nothing(Goal, goal_id)
    return _my_shape(row)


async def my_list(work: Work, *, after: str, limit: int, status: str | None) -> list[Row]:
    """The client's goals, newest first, one past the limit."""
    rows = await work.rows(
        _MY_LIST, of_client=work.client_id, after=after, limit=limit + 1, status=status
    )
    return [_my_shape(row) for row in rows]


async def mine_several(work: Work, ids: list[str]) -> list[Row]:
    """Those of the client's own goals that have these ids."""
    return [_my_shape(row) for row in await work.rows(_MY_SEVERAL, ids=ids)]


async def answer(work: Work, goal_id: str, wanted: str) -> Row:
    """The client accepts (`active`) or declines a proposed goal; saying so again changes nothing.

    What a guardian answered for the client, the client can still answer in person. Raises NotFound,
    Conflict, VersionRequired or Stale.
    """
    current = await mine(work, goal_id)
    in_person = work.actor.capacity == "self"
    is_guardians = current["answered_as"] == "guardian" and in_person
    if current["status"] == wanted and not is_guardians:
        return current
    answerable = {"proposed": STATES["proposed"]}
    if is_guardians and current["status"] in ("active", "declined"):
        answerable[current["status"]] = STATES["proposed"]
    states.demand("goals", answerable, current["status"], wanted)
    seen = preconditions.demand(work, current["version"])
    capacity = work.actor.capacity
    await work.change(Goal, goal_id, seen, status=wanted, answered_as=capacity)
    work.tell("goals.agreed" if wanted == "active" else "goals.declined", goal_id, work.client_id)
    return await mine(work, goal_id)


async def rate(work: Work, goal_id: str, asked: RatingCreate) -> tuple[Row, bool]:
    """Store a rating once; the receipt, and whether it is new.

    Raises NotFound, Conflict for a goal that is not lived with now, Invalid for another rating
    under the same key.
    """
    goal = await work.row(_TO_RATE, id=goal_id)
    if goal is None:
        await work.nothing(Goal, goal_id)
    said = once.fingerprint(work.client_id, asked, about=goal_id)
    rating_id, at = new_id(), now()
    if asked.occurred_at is not None:
        at = corrected(asked.occurred_at, asked.sent_at, at)
    earlier = await work.row(_RATED, client_key=asked.client_key)
    if earlier is None:
        if goal["status"] not in ("active", "on_hold", "achieved", "maintaining"):
            states.refuse("goals", STATES, goal["status"], "rated")
        is_new = await work.add(
            GoalRating,
            unless=("practice_id", "client_id", "client_key"),
            id=rating_id,
            client_id=work.client_id,
            goal_id=goal_id,
            rater="client" if work.actor.capacity == "self" else "guardian",
            user_id=work.actor.user_id,
            value=asked.value,
            at=at,
            occurred_at=asked.occurred_at,
            sent_at=asked.sent_at,
            client_key=asked.client_key,
            body_hash=said.digest,
            kept_by=kept_by(work, asked.visibility, has_guardians=goal["has_guardians"]),
        )
        earlier = await work.row(_RATED, client_key=asked.client_key)
        if is_new:
            told = _RATED_NOW if earlier and earlier["kept_by"] is None else _RATED_QUIETLY
            await work.run(told, goal_id=goal_id)
            work.tell("goals.rated", rating_id, work.client_id)
    else:
        is_new = False
    if earlier is None or earlier["user_id"] != work.actor.user_id:
        raise once.taken()
    receipt = {
        "rating_id": earlier["id"],
        "goal_id": earlier["goal_id"],
        "value": earlier["value"],
        "at": earlier["at"],
        "received_at": earlier["created_at"],
        "visibility": shown(earlier["kept_by"]),
    }
    once.demand_same(earlier["body_hash"], said, receipt)
    return receipt, is_new


async def _treated(work: Work, goal_id: str) -> Row:
    row = await work.row(_ONE_TREATED, id=goal_id)
    if row is None:
        await get(work, goal_id)
        raise not_on_care_team()
    return row


def _shape(row: Row) -> Row:
    for side in ("client", "guardian"):
        value, at, kept = (row.pop(f"{side}_{name}") for name in _RATING)
        rating = {"value": value, "at": at, "visibility": shown(kept)}
        row[f"{side}_rating"] = None if value is None else rating
    return row


def _my_shape(row: Row) -> Row:
    for hidden in ("client_id", "episode_id", "created_at"):
        del row[hidden]
    goal = _shape(row)
    goal["my_rating"] = goal.pop("client_rating")
    return goal
