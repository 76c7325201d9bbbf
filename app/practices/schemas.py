"""A practice and its people on the wire."""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StrictBool, StringConstraints, model_validator

from app.accounts.schemas import Email
from app.core.email_addresses import parse
from app.core.wire import WHOLE, Id, Input, Line, Locale, Output, Page, Version, Zone, unchanged

ROLES: Final = ("assistant", "owner", "therapist")


def _once(roles: list[str]) -> list[str]:
    if len(set(roles)) < len(roles):
        raise ValueError("each role is named once")
    return sorted(roles)


Role = Literal["assistant", "owner", "therapist"]
Roles = Annotated[list[Role], Field(min_length=1, max_length=len(ROLES)), AfterValidator(_once)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
"""A country as ISO 3166 writes it: two capital letters."""
Link = Annotated[str, StringConstraints(pattern=r"^https://[!-~]+$", max_length=500)]


def _reachable(line: str) -> str:
    written_as_email = "@" in line and not any(one in line for one in " /\t")
    return parse(line) if written_as_email else line


ComplaintAddress = Annotated[Line, AfterValidator(_reachable)]
"""Where to complain outside the practice: an e-mail address, one on the web, or one for letters."""
Days = Annotated[int, Field(strict=True, ge=0, le=3650), WHOLE]


class CrisisResource(Input):
    """Somewhere that helps, and at least one way to reach it."""

    name: Line
    phone: Line | None = None
    text: Annotated[Line | None, Field(description="where to send a text message")] = None
    url: Link | None = None
    hours: Line | None = None
    locale: Locale | None = None
    country: Country | None = None

    @model_validator(mode="after")
    def _reachable(self) -> "CrisisResource":
        if self.phone is None and self.text is None and self.url is None:
            raise ValueError("give a phone number, a number to text, or an address on the web")
        return self


class CrisisResourceOut(Output):
    """Somewhere that helps."""

    name: str
    phone: str | None
    text: str | None
    url: str | None
    hours: str | None
    locale: str | None
    country: str | None


class PoliciesOut(Output):
    """What the practice has decided. Periods are days.

    `former_access`: what a member reads of clients whose care with them ended, beside their own
    signed notes. `on_call`: the user id of whoever covers a suspended or absent colleague.
    `attention_minutes`: so long what is urgent may stay unopened by the care team before whoever
    is on call is told, and as long again before the owners are. The front desk and owners know a
    client's name and number; someone else on call learns only that a client asks for help.
    `desk_invites`: what becomes of an invitation to an address that the front desk put on file:
    it waits until a treating therapist has confirmed the address, or it goes at once and they are
    told.
    """

    former_access: Literal["none", "own_episodes"]
    release_hold_max_days: int
    access_log_names: bool
    after_care_days: int
    reminder_default: Literal["off", "on"]
    late_counts: bool
    on_call: Id | None
    attention_minutes: int
    outside_complaint_address: str | None
    desk_invites: Literal["confirm", "tell"]


class PoliciesUpdate(Input):
    """Policies to change; absent stays, null goes back to the usual."""

    former_access: Literal["none", "own_episodes"] | None = None
    release_hold_max_days: Days | None = None
    access_log_names: StrictBool | None = None
    after_care_days: Days | None = None
    reminder_default: Literal["off", "on"] | None = None
    late_counts: StrictBool | None = None
    on_call: Id | None = None
    attention_minutes: Annotated[int, Field(strict=True, ge=5, le=1440)] | None = None
    outside_complaint_address: ComplaintAddress | None = None
    desk_invites: Literal["confirm", "tell"] | None = None


class PracticeOut(Output):
    """The caller's practice."""

    id: Id
    name: str
    zone: str
    country: str
    locale: Annotated[str, Field(description="what is read where a client's language is not there")]
    crisis_resources: list[CrisisResourceOut]
    policies: PoliciesOut
    created_at: datetime
    changed_at: datetime
    version: Version


class PracticeUpdate(Input):
    """What to change; absent stays. The list of crisis resources is replaced whole."""

    name: Line = Field(default_factory=unchanged)
    zone: Zone = Field(default_factory=unchanged)
    country: Country = Field(default_factory=unchanged)
    locale: Locale = Field(default_factory=unchanged)
    crisis_resources: Annotated[list[CrisisResource], Field(min_length=1, max_length=20)] = Field(
        default_factory=unchanged
    )
    policies: PoliciesUpdate = Field(default_factory=unchanged)


class MemberInvite(Input):
    """Whom to ask to join the staff, and as what. They choose how their name is written."""

    email: Email
    roles: Roles
    licence: Line | None = None


class MemberUpdate(Input):
    """What to change; absent stays, null clears a licence or a title."""

    name: Line = Field(default_factory=unchanged)
    licence: Line | None = None
    title: Line | None = None
    roles: Roles = Field(default_factory=unchanged)


class MemberOut(Output):
    """Someone on the staff. `id` is the person's user id."""

    kind: Literal["member"]
    id: Id
    name: str
    licence: str | None
    title: str | None
    roles: list[Role]
    status: Literal["active", "suspended", "ended"]
    starts_at: datetime
    ends_at: datetime | None
    suspended_at: datetime | None
    version: Version


class InvitedOut(Output):
    """Someone asked to join who has not come yet. `expires_at` is null until the mail is out;
    `bounced_at` says since when it is known that it cannot be delivered."""

    kind: Literal["invitation"]
    id: Id
    email: str
    roles: list[Role]
    invited_by: Id
    created_at: datetime
    expires_at: datetime | None
    bounced_at: datetime | None
    version: Version


StaffOut = Annotated[MemberOut | InvitedOut, Field(discriminator="kind")]
"""One line of the list of staff."""


class StaffPage(Page[StaffOut]):
    """A page of the list of staff. `next` is as in every page."""
