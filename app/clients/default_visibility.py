"""Who reads what a client sends or makes without saying so: with guardians, the therapist alone.

So a young client can tell the therapist something without first having to know of a switch. One who
is suspended counts like any other: a guardian must not learn of it from what is the default.
"""

from typing import Annotated, Final, Literal

from pydantic import Field
from sqlalchemy import func

from app.access.visible import ACTING
from app.operation.work import Work

VisibleByDefault = Annotated[
    Literal["shared", "therapist"],
    Field(
        description="who reads what is sent or made here without saying so: `therapist` where the"
        " client has guardians"
    ),
]
Visibility = Annotated[
    Literal["shared", "therapist"] | None,
    Field(
        description="`shared`: guardians see it too; `therapist`: they do not, and a guardian who"
        " made it sees it all the same. Absent: my `answers_visible_default`"
    ),
]
Shown = Annotated[
    Literal["shared", "therapist"],
    Field(description="`therapist`: no guardian sees it, but one who made it"),
]

HAS_GUARDIANS: Final = func.gate.has_guardians(ACTING).label("has_guardians")
"""Whether the client acted for has guardians, or will have, also ones who are suspended."""


def default(has_guardians: bool) -> Literal["shared", "therapist"]:
    """What stands where nobody said who reads it."""
    return "therapist" if has_guardians else "shared"


def kept_by(work: Work, wanted: str | None, *, has_guardians: bool) -> str | None:
    """Who keeps what the caller makes from guardians; None where it is shared with them."""
    return work.actor.user_id if (wanted or default(has_guardians)) == "therapist" else None


def shown(kept: str | None) -> Literal["shared", "therapist"]:
    """The visibility of what is kept by this user, or by nobody."""
    return "shared" if kept is None else "therapist"
