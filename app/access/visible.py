"""The statement wall: predicates every read starts from, made of the caller's live grounds.

They bind three names that `app.operation.work` fills from the caller: `practice_id`, `me`
(the user) and `acting` (the client acted for). They ask the ground tables themselves and so hold
where row security is off.
"""

from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, Select, and_, func, or_, select, union_all

from app.access.grounds import (
    Bar,
    BreakGlass,
    CareAssignment,
    ClientLogin,
    Guardian,
    Membership,
    Supervision,
)
from app.core.statements import p

PRACTICE = p("practice_id")
ME = p("me")
ACTING = p("acting")
WALL: Final = "praxis_wall"


def wall(name: str, *clauses: ColumnElement[bool]) -> ColumnElement[bool]:
    """All of `clauses`, each marked as a part of the wall `name`.

    The mark changes no SQL. By it the authorization matrix finds a predicate in any statement and
    takes it out, to see whether the other wall holds alone.
    """
    return and_(*(clause._annotate({WALL: name}) for clause in clauses))


def _live(table: Any) -> ColumnElement[bool]:
    return and_(
        table.starts_at <= func.now(), or_(table.ends_at.is_(None), table.ends_at > func.now())
    )


def _treats(column: Any) -> Select[Any]:
    """What the caller treats now: `column` of their live care assignments."""
    return select(column).where(
        CareAssignment.practice_id == PRACTICE, CareAssignment.user_id == ME, _live(CareAssignment)
    )


def _supervises(column: Any) -> Select[Any]:
    """What the people the caller supervises now treat now."""
    return (
        select(column)
        .join(
            Supervision,
            and_(
                Supervision.practice_id == CareAssignment.practice_id,
                Supervision.supervisee_id == CareAssignment.user_id,
            ),
        )
        .where(
            CareAssignment.practice_id == PRACTICE,
            Supervision.supervisor_id == ME,
            _live(Supervision),
            _live(CareAssignment),
        )
    )


def _opened(column: Any) -> Select[Any]:
    """The client the caller has an open break-glass for."""
    return select(column).where(
        BreakGlass.practice_id == PRACTICE,
        BreakGlass.user_id == ME,
        BreakGlass.closed_at.is_(None),
        BreakGlass.expires_at > func.now(),
    )


def met_elsewhere(client: ColumnElement[Any]) -> ColumnElement[bool]:
    """The caller is this client, their guardian, or barred: nobody meets themselves here."""
    return or_(
        *(
            client.in_(
                select(table.client_id).where(table.practice_id == PRACTICE, table.user_id == ME)
            )
            for table in (ClientLogin, Guardian, Bar)
        )
    )


def kept_apart(client: Any, user: Any) -> Any:
    """This user is that client, or a guardian of theirs, or barred from them."""
    return or_(
        *(
            select(table.user_id)
            .where(table.practice_id == PRACTICE, table.client_id == client, table.user_id == user)
            .exists()
            for table in (ClientLogin, Guardian, Bar)
        )
    )


def treated(table: Any) -> ColumnElement[bool]:
    """Staff who may write: the caller treats this row's episode (or client, without one)."""
    column = _episode_of(table)
    ground = (
        column.in_(_treats(CareAssignment.episode_id))
        if column is not None
        else _client_of(table).in_(_treats(CareAssignment.client_id))
    )
    return wall("treated", table.practice_id == PRACTICE, ground, ~met_elsewhere(_client_of(table)))


def caseload() -> CTE:
    """The clients the caller treats now, each once: where a statement about all of them begins.

    Joined by `client_id` it reaches their rows, and no others, by an index; whose they are is
    still said by `treated` beside it.
    """
    mine = wall(
        "treated",
        CareAssignment.practice_id == PRACTICE,
        CareAssignment.user_id == ME,
        _live(CareAssignment),
    )
    return select(CareAssignment.client_id).where(mine).distinct().cte("caseload")


def readable(table: Any) -> ColumnElement[bool]:
    """Staff who may read: treating, supervising who treats, or with an open break-glass."""
    column = _episode_of(table)
    if column is None:
        ground = _client_of(table).in_(
            union_all(
                _treats(CareAssignment.client_id),
                _supervises(CareAssignment.client_id),
                _opened(BreakGlass.client_id),
            )
        )
    else:
        ground = or_(
            column.in_(
                union_all(
                    _treats(CareAssignment.episode_id), _supervises(CareAssignment.episode_id)
                )
            ),
            _client_of(table).in_(_opened(BreakGlass.client_id)),
        )
    return wall(
        "readable", table.practice_id == PRACTICE, ground, ~met_elsewhere(_client_of(table))
    )


def known(table: Any) -> ColumnElement[bool]:
    """The directory: readable, or the caller is an owner or assistant of the practice."""
    keeps = (
        select(Membership.user_id)
        .where(
            Membership.practice_id == PRACTICE,
            Membership.user_id == ME,
            Membership.roles.op("&&")(["owner", "assistant"]),
            Membership.suspended_at.is_(None),
            _live(Membership),
        )
        .exists()
    )
    client = _client_of(table)
    seen = union_all(
        _treats(CareAssignment.client_id),
        _supervises(CareAssignment.client_id),
        _opened(BreakGlass.client_id),
    )
    return wall(
        "known",
        table.practice_id == PRACTICE,
        or_(keeps, client.in_(seen)),
        ~met_elsewhere(client),
    )


def told(table: Any) -> ColumnElement[bool]:
    """Staff who were told of this row's client, whom they may not treat: the row tells it."""
    return wall(
        "told",
        table.practice_id == PRACTICE,
        table.user_id == ME,
        ~met_elsewhere(_client_of(table)),
    )


def own(table: Any) -> ColumnElement[bool]:
    """The client door: rows of the one client acted for, in person or as a guardian of theirs.

    A suspended guardian's door looks empty. The days of a guardianship and its scopes are
    checked when the caller comes in. What was kept from guardians (`kept_by`, where the table has
    it) is read by the client, and by the guardian who keeps it.
    """
    is_suspended = (
        select(Guardian.client_id)
        .where(
            Guardian.practice_id == PRACTICE,
            Guardian.client_id == ACTING,
            Guardian.user_id == ME,
            Guardian.suspended_at.is_not(None),
        )
        .exists()
    )
    clauses = [table.practice_id == PRACTICE, _client_of(table) == ACTING, ~is_suspended]
    if (kept_by := getattr(table, "kept_by", None)) is not None:
        clauses.append(or_(kept_by.is_(None), kept_by == ME, _is_the_client()))
    return wall("own", *clauses)


def in_person(table: Any) -> ColumnElement[bool]:
    """What is the client's alone: rows of the client whose own login this is, and no guardian's."""
    return wall(
        "in_person",
        table.practice_id == PRACTICE,
        _client_of(table) == ACTING,
        _is_the_client(),
    )


def _is_the_client() -> ColumnElement[bool]:
    return (
        select(ClientLogin.client_id)
        .where(
            ClientLogin.practice_id == PRACTICE,
            ClientLogin.client_id == ACTING,
            ClientLogin.user_id == ME,
        )
        .exists()
    )


def _client_of(table: Any) -> Any:
    return table.id if table.__tablename__ == "clients" else table.client_id


def _episode_of(table: Any) -> Any:
    return table.id if table.__tablename__ == "episodes" else getattr(table, "episode_id", None)
