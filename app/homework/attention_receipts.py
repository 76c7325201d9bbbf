"""What a receipt says of who is told of something urgent: what is true now, and no time."""

from typing import Annotated, Any, Final, Literal

from pydantic import Field
from sqlalchemy import Text, and_, cast, column, func, or_, select

from app.access.grounds import CareAssignment, Membership
from app.access.practice import Practice
from app.access.visible import own
from app.core.statements import UUID_TEXT, Query, p
from app.core.wire import Output
from app.homework.attention_notices import AttentionNotice
from app.library.attention import AttentionLevel
from app.operation.work import Row, Work

_WORDS: Final = {
    "care_team": "{people} is told of this by mail.",
    "several": "{people} are told of this by mail.",
    "on_call": "Nobody of the care team is here now: who is on call for the practice, and those who"
    " run it, are told of this by mail.",
    "practice": "Nobody of the care team is here now: those who run the practice are told of this"
    " by mail.",
    "nobody": "Nobody at the practice can be told of this now.",
}
_TONIGHT: Final = (
    "It may be that nobody reads it tonight. If you need help now, use one of the places in `help`."
)


class ToldOut(Output):
    """Who is told of this, since it is urgent. It promises no time: nobody may read it tonight."""

    by: Annotated[
        Literal["care_team", "on_call", "practice", "nobody"],
        Field(description="who is told first: `nobody` where nobody can be reached at all"),
    ]
    people: Annotated[list[str], Field(description="of the care team, by name")]
    detail: Annotated[str, Field(description="the same in words, to be shown as they are")]


_LIVE: Final = and_(
    CareAssignment.starts_at <= func.now(),
    or_(CareAssignment.ends_at.is_(None), CareAssignment.ends_at > func.now()),
)
# The gate tells who may meet this client; whom a bar or a kinship keeps away is not among them.
_MEETS: Final = (
    func.gate.readers()
    .table_valued(column("user_id", UUID_TEXT), column("part", Text()), name="readers")
    .render_derived()
)
_HERE = Query(
    select(
        _MEETS.c.user_id,
        _MEETS.c.part,
        CareAssignment.part.label("treats_as"),
        (Practice.policies["on_call"].astext == cast(_MEETS.c.user_id, Text())).label("is_on_call"),
        Membership.user_id.label("member_id"),
        Membership.words.label("member"),
    )
    .select_from(_MEETS)
    .join(Practice, Practice.practice_id == p("practice_id"))
    .join(
        Membership,
        and_(Membership.practice_id == p("practice_id"), Membership.user_id == _MEETS.c.user_id),
    )
    .outerjoin(
        CareAssignment,
        and_(
            own(CareAssignment),
            CareAssignment.episode_id == p("of_episode"),
            CareAssignment.user_id == _MEETS.c.user_id,
            CareAssignment.part == _MEETS.c.part,
            _LIVE,
        ),
    )
    .where(_MEETS.c.part != "guardian")
    .order_by(_MEETS.c.user_id)
)
_HERE.client = None


_TOLD = Query(
    select(
        AttentionNotice.user_id,
        AttentionNotice.why,
        or_(AttentionNotice.outcome.is_(None), AttentionNotice.outcome == "sent").label("is_told"),
        Membership.user_id.label("member_id"),
        Membership.words.label("member"),
    )
    .join(
        Membership,
        and_(
            Membership.practice_id == AttentionNotice.practice_id,
            Membership.user_id == AttentionNotice.user_id,
        ),
    )
    .where(
        AttentionNotice.practice_id == p("practice_id"),
        AttentionNotice.client_id == p("of_client"),
        or_(AttentionNotice.submission_id == p("id"), AttentionNotice.repetition_id == p("id")),
        AttentionNotice.settled_at.is_(None),
    )
    .order_by(AttentionNotice.user_id)
)


async def told_before(
    work: Work, level: AttentionLevel | None, *, episode_id: str, id_: str
) -> Row | None:
    """Return who is told of the submission or repetition `id_`, which the caller sent before: those
    whom a mail has reached or will; as `told` where nothing was planned yet."""
    if level != "urgent":
        return None
    # Whom the practice tells is no client's to read; of their own they learn this much of it.
    async with work.in_capacity("job"):
        rows = await work.rows(_TOLD, of_client=work.client_id, id=id_)
    if not rows:
        return await told(work, level, episode_id=episode_id)
    reached = [row for row in rows if row["is_told"]]
    people = {
        row["user_id"]: row["member"].value["name"]
        for row in reached
        if row["why"] in ("treating", "covering")
    }
    whys = {row["why"] for row in reached}
    return _said(people, is_on_call="on_call" in whys, is_owner="owner" in whys)


async def told(work: Work, level: AttentionLevel | None, *, episode_id: str) -> Row | None:
    """Return who is told of what the caller sends; None for what is not urgent.

    It is for the one who sent it: guardians learn of no attention that they did not ask for.
    """
    if level != "urgent":
        return None
    rows = await work.rows(_HERE, of_episode=episode_id)
    people = {row["user_id"]: row["member"].value["name"] for row in rows if row["treats_as"]}
    return _said(
        people,
        is_on_call=any(row["is_on_call"] for row in rows),
        is_owner=any(row["part"] == "owner" for row in rows),
    )


def _said(people: dict[str, str], *, is_on_call: bool, is_owner: bool) -> Row:
    by: Any = "nobody"
    if people:
        by = "care_team"
    elif is_on_call:
        by = "on_call"
    elif is_owner:
        by = "practice"
    words = _WORDS["several" if len(people) > 1 else by]
    names = list(people.values())
    detail = words.format(people=_listed(names))
    return {"by": by, "people": names, "detail": f"{detail} {_TONIGHT}"}


def _listed(names: list[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)
