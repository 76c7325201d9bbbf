"""Who may be on a care team at all: never oneself, and never whom one must not meet."""

from typing import Final

from sqlalchemy import literal, select

from app.access.visible import kept_apart as kept_apart
from app.core.errors import Invalid
from app.core.statements import Query, p
from app.operation.work import Work
from app.practices import members

_KEPT_APART: Final = Query(
    select(literal(1).label("yes")).where(kept_apart(p("of_client"), p("of_user")))
)


async def demand_may_treat(work: Work, client_id: str, user_id: str, pointer: str) -> None:
    """Raises Invalid, pointing there, unless this is a therapist of the practice now
    (`care.no_therapist`) who may meet the client (`care.never_meets`)."""
    if not await members.is_on_staff(work, user_id, "therapist"):
        raise refused(pointer, "care.no_therapist", "This is no therapist of the practice now.")
    if await work.row(_KEPT_APART, of_client=client_id, of_user=user_id) is not None:
        raise refused(
            pointer, "care.never_meets", "This therapist never meets this client. Name another."
        )


def refused(pointer: str, code: str, words: str) -> Invalid:
    """A field that cannot be accepted, and why."""
    return Invalid(code, words, errors=[{"pointer": pointer, "code": code, "detail": words}])
