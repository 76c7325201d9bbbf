"""Clients on the wire: what staff send and see."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    StrictBool,
    StringConstraints,
    model_validator,
)

from app.accounts.schemas import Email
from app.core.clock import now
from app.core.email_addresses import parse
from app.core.wire import Id, Input, Line, Locale, Output, Version, Zone, unchanged
from app.vault.sealing import normal_phone

EARLIEST: Final = date(1900, 1, 1)
_FARTHEST_EAST: Final = timedelta(hours=14)
_ISO_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FEWEST_DIGITS: Final = 3
_MOST_DIGITS: Final = 20


def _born(on: date) -> date:
    if not EARLIEST <= on <= (now() + _FARTHEST_EAST).date():
        raise ValueError("a birth date lies between 1900-01-01 and today")
    return on


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("this instant is too far away") from None


def _written(value: object) -> object:
    # Numbers would pass as seconds since 1970, in text too.
    if isinstance(value, date) or (isinstance(value, str) and _ISO_DAY.fullmatch(value)):
        return value
    raise ValueError("a date is written as 1991-02-28")


Day = Annotated[date, BeforeValidator(_written)]
BirthDate = Annotated[Day, AfterValidator(_born)]
"""A date of birth: from 1900 on, and not after today anywhere on earth."""
Instant = Annotated[AwareDatetime, AfterValidator(_in_utc)]
"""An instant with its offset."""
Status = Literal["active", "discharged", "deceased", "merged"]
Part = Literal["primary", "co", "covering", "trainee"]
System = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
RefFilter = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}:[\s\S]{1,200}$")]


class ContactPoint(Input):
    """One way to reach a client, and what may be done with it. Nothing may, unless said so."""

    kind: Literal["email", "phone"]
    value: Line
    may_email: StrictBool = False
    may_text: StrictBool = False
    may_leave_voice_mail: StrictBool = False
    discreet_only: StrictBool = False

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "ContactPoint":
        if self.kind == "phone":
            digits = len(normal_phone(self.value).lstrip("+"))
            if not _FEWEST_DIGITS <= digits <= _MOST_DIGITS:
                raise ValueError("a phone number has 3 to 20 digits")
        else:
            parse(self.value)
        return self


class ContactPointOut(Output):
    """One way to reach a client."""

    kind: Literal["email", "phone"]
    value: str
    may_email: bool
    may_text: bool
    may_leave_voice_mail: bool
    discreet_only: bool


ContactPoints = Annotated[list[ContactPoint], Field(max_length=10)]


class ExternalRef(Input):
    """What another system calls this client; one client for each system and value."""

    system: System
    value: Line


class ExternalRefOut(Output):
    """What another system calls this client."""

    system: str
    value: str


def _each_once(refs: list[ExternalRef]) -> list[ExternalRef]:
    if len({(ref.system, ref.value) for ref in refs}) < len(refs):
        raise ValueError("each external reference is given once")
    return refs


ExternalRefs = Annotated[list[ExternalRef], Field(max_length=20), AfterValidator(_each_once)]
Focus = Annotated[
    list[Line], Field(max_length=3, description="what this is about; the client sees it too")
]


class ClientCreate(Input):
    """A new client, and the first episode of care.

    A therapist opens their own; an owner or assistant names `primary_therapist_id`. Without
    `zone`, the practice's.
    """

    legal_name: Line
    preferred_name: Line | None = None
    pronouns: Line | None = None
    birth_date: BirthDate | None = None
    contact_points: ContactPoints = Field(default_factory=list)
    external_refs: ExternalRefs = Field(default_factory=list)
    zone: Zone | None = None
    locale: Annotated[Locale | None, Field(description="absent: the practice's")] = None
    focus: Focus = Field(default_factory=list)
    primary_therapist_id: Id | None = None


class ClientUpdate(Input):
    """What to change; absent stays, null clears. Contact points and external references are
    replaced as a whole."""

    legal_name: Line = Field(default_factory=unchanged)
    preferred_name: Line | None = None
    pronouns: Line | None = None
    birth_date: BirthDate | None = None
    contact_points: ContactPoints = Field(default_factory=unchanged)
    external_refs: ExternalRefs = Field(default_factory=unchanged)
    zone: Zone = Field(default_factory=unchanged)
    locale: Locale = Field(default_factory=unchanged)


class ClientInvite(Input):
    """Where to send the invitation: an e-mail address on file; absent, the first that allows it."""

    email: Email | None = None


class AddressConfirm(Input):
    """The e-mail address on file that is the client's own."""

    email: Email


class ClientLine(Output):
    """A client in a list. `names_to_guardians`: whether guardians may know preferred name and
    pronouns; the client alone decides."""

    id: Id
    legal_name: str
    preferred_name: str | None
    pronouns: str | None
    birth_date: date | None
    contact_points: list[ContactPointOut]
    names_to_guardians: bool
    zone: str
    locale: str
    status: Status
    created_at: datetime
    changed_at: datetime
    version: Version


class CarerOut(Output):
    """A therapist of an episode, by user id."""

    user_id: Id
    part: Part


class EpisodeOut(Output):
    """An episode of care. `focus` is null for those who may not open the contents."""

    id: Id
    opened_on: date
    closed_at: datetime | None
    focus: list[str] | None
    therapists: list[CarerOut]
    version: Version


class ClientOut(ClientLine):
    """A client, with episodes newest first. A new or closed episode is a new version of the
    client; another care team, or an address that was confirmed, is not.

    `unconfirmed_addresses` are those on file that nobody has said are the client's: see
    confirm_client_address.
    """

    unconfirmed_addresses: list[str]
    external_refs: list[ExternalRefOut]
    episodes: list[EpisodeOut]
