"""The kinds of item a device may send: every create and edit of the client door."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel

from app.access.permissions import Permission
from app.clients import mine as profiles
from app.clients.my_schemas import MyProfileUpdate
from app.core.errors import Invalid
from app.goals import service as goals
from app.goals.schemas import RatingCreate
from app.homework import agreeing, asking, submitting, taking_up
from app.homework.asked import QuestionCreate
from app.homework.sent import SubmissionCreate
from app.homework.wanted import AcceptRequest, DeclineRequest, EndRequest, MyAssignmentCreate
from app.operation.work import Row, Work

Do = Callable[[Work, Any, Any], Awaitable[tuple[Row, bool]]]
"""What takes an item in: the id of what it is about (or None), and its body."""
Thing = Literal["occurrence", "assignment", "submission", "rest_period", "goal"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of item: what it is about, what it says, who may say it, and what takes it in."""

    do: Do
    permission: Permission
    body: type[BaseModel] | None = None
    about: Thing | None = None
    about_is_optional: bool = False
    names_about: str | None = None
    """The field of the body that names what it is about, where the operation takes it there."""
    makes: str | None = None
    """The member of the receipt that is the id of what was made."""
    may_be_first: bool = False
    """Without a base version it makes the thing, and is refused where there is one."""


def _changes(change: Callable[..., Awaitable[Row]], *more: Any) -> Do:
    """A change of state, which the same caller may ask for again."""

    async def do(work: Work, about: str | None, body: Any) -> tuple[Row, bool]:
        said = more or ((body,) if type(body).model_fields else ())
        return await change(work, about, *said), True

    return do


async def _profile(work: Work, _: str | None, body: Any) -> tuple[Row, bool]:
    return await profiles.update(work, body), True


async def _takes_up(work: Work, _: str | None, body: Any) -> tuple[Row, bool]:
    return await taking_up.create(work, body)


KINDS: Final[dict[str, Kind]] = {
    "submission": Kind(
        submitting.submit,
        Permission.my_homework_submit,
        SubmissionCreate,
        about="occurrence",
        makes="submission_id",
    ),
    "assignment": Kind(_takes_up, Permission.my_homework_agree, MyAssignmentCreate, makes="id"),
    "assignment_accept": Kind(
        agreeing.accept, Permission.my_homework_agree, AcceptRequest, about="assignment"
    ),
    "assignment_decline": Kind(
        agreeing.decline, Permission.my_homework_agree, DeclineRequest, about="assignment"
    ),
    "assignment_end": Kind(
        agreeing.end, Permission.my_homework_agree, EndRequest, about="assignment"
    ),
    "question": Kind(
        asking.ask, Permission.my_questions, QuestionCreate, about="assignment", makes="id"
    ),
    "goal_rating": Kind(goals.rate, Permission.my_goals_write, RatingCreate, about="goal"),
    "goal_accept": Kind(_changes(goals.answer, "active"), Permission.my_goals_write, about="goal"),
    "goal_decline": Kind(
        _changes(goals.answer, "declined"), Permission.my_goals_write, about="goal"
    ),
    "profile": Kind(_profile, Permission.my_profile_write, MyProfileUpdate),
}


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises Invalid, naming those there are."""
    kind = KINDS.get(name)
    if kind is None:
        known = ", ".join(sorted(KINDS))
        raise Invalid("sync.kind", f"There is no such kind of item. Kinds are: {known}.")
    return kind
