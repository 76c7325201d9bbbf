"""Sessions on the wire: times and attendance, as staff keep them and as the client reads them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.core.wire import Id, Input, Moment, Output, Version, Zone

Setting = Literal["in_person", "video", "phone"]
Attendance = Literal[
    "scheduled", "attended", "late", "no_show", "cancelled_by_client", "cancelled_by_therapist"
]
MyAttendance = Literal[
    "scheduled", "attended", "late", "not_attended", "cancelled_by_client", "cancelled_by_therapist"
]
Minutes = Annotated[int, Field(ge=5, le=480, description="planned length")]


class SessionCreate(Input):
    """A session. Absent: 50 minutes, the client's zone, the caller where they treat the client
    and otherwise the episode's primary therapist."""

    starts_at: Moment
    setting: Setting
    minutes: Minutes = 50
    zone: Zone | None = None
    therapist_id: Id | None = None
    episode_id: Id | None = None


class SessionUpdate(Input):
    """What to change; absent (or null: none of these can be cleared) stays."""

    starts_at: Moment | None = None
    zone: Zone | None = None
    minutes: Minutes | None = None
    setting: Setting | None = None
    attendance: Attendance | None = None
    therapist_id: Annotated[
        Id | None, Field(description="another who treats the client in this episode at that time")
    ] = None


class SessionOut(Output):
    """A session as staff see it."""

    id: Id
    client_id: Id
    episode_id: Id
    therapist_id: Id
    starts_at: datetime
    zone: str
    minutes: int
    setting: Setting
    attendance: Attendance
    created_at: datetime
    changed_at: datetime
    version: Version


class MySessionOut(Output):
    """A session as the client sees it."""

    id: Id
    starts_at: datetime
    zone: str
    minutes: int
    setting: Setting
    attendance: MyAttendance
    therapist: str
    changed_at: datetime
    version: Version
