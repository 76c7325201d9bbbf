"""The kinds of item a device may send: every create and edit of the client door."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

from app.access.permissions import Permission
from app.clients import mine as profiles
from app.clients.my_schemas import MyProfileUpdate
from app.core.errors import Invalid, Stale
from app.goals import service as goals
from app.goals.schemas import RatingCreate
from app.homework import agreeing, asking, drafting, repeating, submitting, taking_up, withdrawing
from app.homework.asked import QuestionCreate
from app.homework.repetitions import RepetitionCreate
from app.homework.sent import DraftPut, SubmissionCreate
from app.homework.wanted import AcceptRequest, DeclineRequest, EndRequest, MyAssignmentCreate
from app.operation import meaning, preconditions
from app.operation.work import Row, Work
from app.reminders import service as reminders
from app.reminders.schemas import MyRemindersUpdate
from app.rests import mine as rests
from app.rests.schemas import MyRestPeriodCreate, RestPeriodEnd

Thing = Literal["occurrence", "assignment", "submission", "rest_period", "goal"]


class Nothing(BaseModel):
    """The body of what needs none."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Said:
    """An item, read: the id of what it is about, its body, and the version it goes on from."""

    about: str
    body: Any
    seen: int | None


Do = Callable[[Work, Said], Awaitable[tuple[Row, bool]]]
"""What takes an item in: what is stored then, and whether that is new."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of item: the operation it stands for, what takes it in, who may say it, what it
    says and what it is about."""

    operation: str
    do: Do
    permission: Permission
    body: type[BaseModel] = Nothing
    about: Thing | None = None
    about_is_optional: bool = False
    names_about: str | None = None
    """The field of the body that names what it is about, where the operation takes it there."""
    happens_somewhere: bool = False
    """It has a zone of its own; where it says none, that of the batch."""
    makes: str | None = None
    """The member of what is stored that is the id of what was made."""


async def _submit(work: Work, said: Said) -> tuple[Row, bool]:
    return await submitting.submit(work, said.about, said.body)


async def _submit_extra(work: Work, said: Said) -> tuple[Row, bool]:
    return await submitting.submit_extra(work, said.about, said.body)


async def _edit(work: Work, said: Said) -> tuple[Row, bool]:
    return await submitting.edit(work, said.about, said.body, said.seen)


async def _withdraw(work: Work, said: Said) -> tuple[Row, bool]:
    return await withdrawing.withdraw(work, said.about, said.seen), True


async def _draft(work: Work, said: Said) -> tuple[Row, bool]:
    seen = preconditions.NONE_YET if said.seen is None else said.seen
    try:
        return (await drafting.put(work, said.about, said.body, seen))[0], True
    except Stale:
        there = await drafting.already(work, said.about, said.body)
        if there is None:
            raise
        return there, False


async def _discard(work: Work, said: Said) -> tuple[Row, bool]:
    if not await drafting.is_begun(work, said.about):
        return {}, False
    await drafting.remove(work, said.about, said.seen)
    return {}, True


async def _repeat(work: Work, said: Said) -> tuple[Row, bool]:
    return await repeating.log(work, said.body)


async def _take_up(work: Work, said: Said) -> tuple[Row, bool]:
    return await taking_up.create(work, said.body)


async def _accept(work: Work, said: Said) -> tuple[Row, bool]:
    return await agreeing.accept(work, said.about, said.body, seen=said.seen)


async def _decline(work: Work, said: Said) -> tuple[Row, bool]:
    return await agreeing.decline(work, said.about, said.body, seen=said.seen)


async def _end(work: Work, said: Said) -> tuple[Row, bool]:
    return await agreeing.end(work, said.about, said.body, seen=said.seen)


async def _ask(work: Work, said: Said) -> tuple[Row, bool]:
    return await asking.ask(work, said.about, said.body)


async def _rest(work: Work, said: Said) -> tuple[Row, bool]:
    return await rests.start(work, said.body)


async def _end_rest(work: Work, said: Said) -> tuple[Row, bool]:
    return await rests.end(work, said.about, said.body, said.seen), True


async def _rate(work: Work, said: Said) -> tuple[Row, bool]:
    return await goals.rate(work, said.about, said.body)


async def _accept_goal(work: Work, said: Said) -> tuple[Row, bool]:
    return await goals.answer(work, said.about, "active"), True


async def _decline_goal(work: Work, said: Said) -> tuple[Row, bool]:
    return await goals.answer(work, said.about, "declined"), True


async def _profile(work: Work, said: Said) -> tuple[Row, bool]:
    try:
        return await profiles.update(work, said.body), True
    except Stale:
        return _as_said(await profiles.profile(work), said.body), False


async def _remind(work: Work, said: Said) -> tuple[Row, bool]:
    try:
        return await reminders.update_mine(work, said.body, said.seen), True
    except Stale:
        return _as_said(await reminders.get(work), said.body), False


def _as_said(current: Row, body: BaseModel) -> Row:
    """What is there, where it is as the item asks. Raises Stale where it is not."""
    if not meaning.is_as_said(current, body):
        raise preconditions.stale(current["version"])
    return current


_SUBMIT, _AGREE = Permission.my_homework_submit, Permission.my_homework_agree
KINDS: Final[dict[str, Kind]] = {
    "submission": Kind(
        "submit_my_homework",
        _submit,
        _SUBMIT,
        SubmissionCreate,
        "occurrence",
        happens_somewhere=True,
        makes="submission_id",
    ),
    "submission_extra": Kind(
        "submit_my_extra",
        _submit_extra,
        _SUBMIT,
        SubmissionCreate,
        "assignment",
        happens_somewhere=True,
        makes="submission_id",
    ),
    "submission_edit": Kind(
        "edit_my_submission",
        _edit,
        _SUBMIT,
        SubmissionCreate,
        "submission",
        happens_somewhere=True,
    ),
    "submission_withdraw": Kind("withdraw_my_submission", _withdraw, _SUBMIT, about="submission"),
    "draft": Kind("put_my_draft", _draft, Permission.my_drafts, DraftPut, "occurrence"),
    "draft_discard": Kind("delete_my_draft", _discard, Permission.my_drafts, about="occurrence"),
    "repetition": Kind(
        "log_my_repetition",
        _repeat,
        _SUBMIT,
        RepetitionCreate,
        "assignment",
        about_is_optional=True,
        names_about="assignment_id",
        happens_somewhere=True,
        makes="repetition_id",
    ),
    "assignment": Kind(
        "create_my_assignment",
        _take_up,
        _AGREE,
        MyAssignmentCreate,
        happens_somewhere=True,
        makes="id",
    ),
    "assignment_accept": Kind("accept_my_assignment", _accept, _AGREE, AcceptRequest, "assignment"),
    "assignment_decline": Kind(
        "decline_my_assignment", _decline, _AGREE, DeclineRequest, "assignment"
    ),
    "assignment_end": Kind("end_my_assignment", _end, _AGREE, EndRequest, "assignment"),
    "question": Kind(
        "ask_about_my_assignment",
        _ask,
        Permission.my_questions,
        QuestionCreate,
        "assignment",
        makes="id",
    ),
    "rest_period": Kind(
        "start_my_rest_period",
        _rest,
        Permission.my_rest,
        MyRestPeriodCreate,
        happens_somewhere=True,
        makes="rest_period_id",
    ),
    "rest_period_end": Kind(
        "end_my_rest_period", _end_rest, Permission.my_rest, RestPeriodEnd, "rest_period"
    ),
    "goal_rating": Kind("rate_my_goal", _rate, Permission.my_goals_write, RatingCreate, "goal"),
    "goal_accept": Kind("accept_my_goal", _accept_goal, Permission.my_goals_write, about="goal"),
    "goal_decline": Kind("decline_my_goal", _decline_goal, Permission.my_goals_write, about="goal"),
    "reminders": Kind("update_my_reminders", _remind, Permission.my_reminders, MyRemindersUpdate),
    "profile": Kind("update_my_profile", _profile, Permission.my_profile_write, MyProfileUpdate),
}


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises Invalid, naming those there are."""
    kind = KINDS.get(name)
    if kind is None:
        known = ", ".join(sorted(KINDS))
        raise Invalid("sync.kind", f"There is no such kind of item. Kinds are: {known}.")
    return kind


def described() -> str:
    """The kinds, one to a line, for the description of the exchange."""
    return "\n".join(
        f"- `{name}`: as `{kind.operation}`"
        + (f", about one {kind.about.replace('_', ' ')}" if kind.about else "")
        + (", or about none" if kind.about_is_optional else "")
        for name, kind in KINDS.items()
    )
