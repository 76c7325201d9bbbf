"""Clients on the wire at their own door, and at their guardians'."""

from datetime import date
from typing import Literal

from pydantic import Field, StrictBool

from app.clients.default_visibility import VisibleByDefault
from app.clients.schemas import ContactPointOut, ContactPoints, Status
from app.core.wire import Id, Input, Line, Locale, Output, Version, Zone, unchanged

Relation = Literal[
    "parent",
    "grandparent",
    "sibling",
    "relative",
    "partner",
    "foster_carer",
    "legal_guardian",
    "other",
]
Scope = Literal[
    "goals", "goals_rate", "homework", "measures", "notes", "profile", "sessions", "submit"
]


class MyProfileOut(Output):
    """What the practice has on file about me. `focus`: what my care is about, as agreed.

    `names_to_guardians`: whether my guardians may know my preferred name and pronouns.
    """

    client_id: Id
    legal_name: str
    preferred_name: str | None
    pronouns: str | None
    birth_date: date | None
    contact_points: list[ContactPointOut]
    names_to_guardians: bool
    zone: str
    locale: str
    status: Status
    focus: list[str]
    answers_visible_default: VisibleByDefault
    version: Version


class WardProfileOut(Output):
    """What a guardian sees of the client's profile. Preferred name and pronouns are null unless
    the client lets guardians know them."""

    client_id: Id
    legal_name: str
    preferred_name: str | None
    pronouns: str | None
    birth_date: date | None
    contact_points: list[ContactPointOut]
    zone: str
    locale: str
    status: Status
    answers_visible_default: VisibleByDefault


class MyProfileUpdate(Input):
    """What to change about me; absent stays, null clears. Contact points are replaced whole."""

    preferred_name: Line | None = None
    pronouns: Line | None = None
    contact_points: ContactPoints = Field(default_factory=unchanged)
    names_to_guardians: StrictBool = Field(default_factory=unchanged)
    zone: Zone = Field(default_factory=unchanged)
    locale: Locale = Field(default_factory=unchanged)


class ActingForOut(Output):
    """Someone the caller acts for: themselves, or a client they are guardian of.

    Send `client_id` as Acting-For. Scopes hold on the days from `starts_on` to `ends_on`, both
    included, in the client's zone; none does while suspended.
    """

    client_id: Id
    capacity: Literal["self", "guardian"]
    relation: Relation | None
    scopes: list[Scope]
    starts_on: date | None
    ends_on: date | None
    is_suspended: bool


class ActingForList(Output):
    """Whom the caller acts for; always whole."""

    items: list[ActingForOut]
    next: None
