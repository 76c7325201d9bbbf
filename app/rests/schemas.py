"""Rest periods on the wire. Nobody is asked why, on either side."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field

from app.core.wire import ClientKey, Day, Id, Input, Moment, Output, Version, Zone
from app.practices.help import HelpOut

State = Annotated[
    Literal["ahead", "running", "over", "taken_back"],
    Field(description="`taken_back`: ended before it began"),
]
StartedAs = Literal["self", "guardian", "staff", "job"]
FirstDay = Annotated[Day | None, Field(description="its first local day; without one, today")]
LastDay = Annotated[
    Day | None, Field(description="its last local day; without one, it lasts until it is ended")
]


class RestPeriodCreate(Input):
    """A time in which nothing is asked of the client. Whole days in the client's zone."""

    starts_on: FirstDay = None
    ends_on: LastDay = None


class MyRestPeriodCreate(Input):
    """A time in which nothing is asked of me. Whole days in `zone`, or else in mine.

    Without `starts_on` it starts on the local day of `occurred_at`, which is when I said so by the
    device's clock (`sent_at` tells how far that is off), and 28 days ago at most; without either,
    today.
    """

    client_key: ClientKey
    starts_on: FirstDay = None
    ends_on: LastDay = None
    zone: Zone | None = None
    occurred_at: Moment | None = None
    sent_at: Moment | None = None


class RestPeriodEnd(Input):
    """When it ends: with this local day. Without one, or with a day that is over, at once."""

    ends_on: Annotated[Day | None, Field(description="its last local day")] = None


class RestPeriodOut(Output):
    """A rest period as staff see it: that it is, from when to when, and who started it.

    It lasts from `starts_at` up to `ends_at`, which is null while its end is open. `started_by`
    and `ended_by` are user ids. `look_in_at`: when the client's therapist is asked to look in, 14
    days after its start or after the last look; null when it is not running.
    """

    id: Id
    client_id: Id
    state: State
    starts_on: date
    ends_on: date | None
    zone: str
    starts_at: datetime
    ends_at: datetime | None
    started_by: Id
    started_as: StartedAs
    ended_by: Id | None
    looked_in_at: datetime | None
    look_in_at: datetime | None
    created_at: datetime
    changed_at: datetime
    version: Version


class MyRestPeriodOut(Output):
    """A rest period of mine. What I do in it is welcome all the same."""

    id: Id
    state: State
    starts_on: date
    ends_on: date | None
    zone: str
    starts_at: datetime
    ends_at: datetime | None
    started_as: StartedAs
    version: Version


class RestPeriodReceipt(Output):
    """What was stored. `help` is always there; nobody watches this around the clock."""

    rest_period_id: Id
    version: Annotated[int, Field(description="what it began with: 1")]
    starts_on: date
    zone: str
    received_at: datetime
    help: HelpOut
