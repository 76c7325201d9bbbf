"""Episodes and care teams on the wire, at both doors."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, model_validator

from app.clients.my_schemas import Relation, Scope
from app.clients.schemas import EpisodeOut, Part
from app.core.wire import Day, Id, Input, Line, Moment, Output

Lines = Annotated[
    list[Line],
    Field(max_length=3, description="what this is about, agreed; the client sees it too"),
]


class EpisodeCreate(Input):
    """A new episode of care. A therapist opens their own; an owner or assistant names
    `primary_therapist_id`. Without `opened_on`, it opens today in the client's zone."""

    opened_on: Day | None = None
    focus: Lines = Field(default_factory=list)
    primary_therapist_id: Id | None = None


class EpisodeDetail(EpisodeOut):
    """An episode of care, and whose it is. `therapists` are those who treat in it now."""

    client_id: Id


class CareTeamMemberAdd(Input):
    """Who joins the care team, as what, and from when to when; without `starts_at`, now.

    A new primary therapist takes over from the one before at that moment; a primary part has no
    end of its own.
    """

    user_id: Id
    part: Part
    starts_at: Moment | None = None
    ends_at: Moment | None = None

    @model_validator(mode="after")
    def _lasts(self) -> "CareTeamMemberAdd":
        if self.part == "primary" and self.ends_at is not None:
            raise ValueError("a primary part ends when somebody succeeds; leave ends_at out")
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValueError("a part in the care ends after it starts")
        return self


class CareTeamMemberEnd(Input):
    """When a part in the care ends; without `ends_at`, now. `successor_id` takes over at that
    moment, as what the one before was."""

    ends_at: Moment | None = None
    successor_id: Id | None = None


class CareTeamMemberOut(Output):
    """A therapist's part in an episode. `status`: ahead (not begun), current, or over."""

    id: Id
    client_id: Id
    episode_id: Id
    user_id: Id
    name: str
    part: Part
    starts_at: datetime
    ends_at: datetime | None
    status: Literal["ahead", "current", "over"]


Seen = Literal["contact", "homework", "goals", "notes"]
"""What someone can read, in one word for each kind."""
Reading = Literal[
    "primary",
    "co",
    "trainee",
    "covering",
    "supervisor",
    "break_glass",
    "owner",
    "assistant",
]


class ReaderOut(Output):
    """Someone on the staff who can read something of mine now. `name` is null where the practice
    tells roles and not names. `until` is when it ends by itself; null: not by itself."""

    name: str | None
    parts: list[Reading]
    reads: list[Seen]
    until: datetime | None


class ReadingGuardianOut(Output):
    """A guardian who acts for me now, and what they may read. `last_on` is their last day."""

    relation: Relation
    scopes: list[Scope]
    reads: list[Seen]
    last_on: date | None


class MyCareTeamOut(Output):
    """Who can see what is mine, now; always whole.

    `break_glass` is a dated look by someone who does not treat me; I am told of each. A guardian
    is shown themselves; of others only how many there are.
    """

    staff: list[ReaderOut]
    guardians: list[ReadingGuardianOut]
    other_guardians: int
