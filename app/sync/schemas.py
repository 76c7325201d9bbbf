"""The exchange between a device that was offline and the record."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from app.core.wire import WHOLE, ClientKey, Id, Input, Moment, Output, Zone
from app.practices.help import HelpOut
from app.sync.kinds import KINDS

MOST_ITEMS: Final = 500

Outcome = Literal["stored", "duplicate", "superseded", "conflict", "refused", "again_later"]


class SyncItem(Input):
    """One thing that was made or changed while offline.

    `kind` is one of those the description lists. It is about the thing with `about_id`, or about
    the one another item made, by its `about_key`, in this batch or an earlier one. `body` is what
    the operation of that kind takes; `client_key`, `sent_at` and `zone` need not be repeated in
    it. `base_version` is the version that was seen, for what changes a thing.
    """

    kind: Annotated[
        str, Field(min_length=1, max_length=40, json_schema_extra={"enum": sorted(KINDS)})
    ]
    client_key: ClientKey
    about_id: Id | None = None
    about_key: ClientKey | None = None
    base_version: Annotated[int, Field(strict=True, ge=1, le=2**31 - 1), WHOLE] | None = None
    body: dict[str, Any] = Field(default={}, max_length=100)


class SyncRequest(Input):
    """What a device has to say, and where it got to. Its clock may be off: `sent_at` tells.

    Each of `items` is a SyncItem. One that is not as it should be is refused by itself.
    """

    checked_apart = frozenset({"items"})

    client_id: Id
    zone: Zone
    sent_at: Moment
    cursor: Annotated[str, Field(max_length=400)] | None = None
    items: list[Any] = Field(
        default=[],
        max_length=MOST_ITEMS,
        json_schema_extra={"items": SyncItem.model_json_schema()},
    )


class SyncResult(Output):
    """What became of one item; forget it on the device unless it says `again_later`.

    `duplicate`: it was stored before. `superseded`: something later took its place already.
    `conflict`: the thing is in another version, `current_version`, null where it is gone.
    `refused`: `problem` says what is wrong with it. `again_later`: send it again as it is.
    """

    client_key: str | None
    kind: str | None
    outcome: Outcome
    id: Id | None
    current_version: int | None
    receipt: dict[str, Any] | None
    problem: dict[str, Any] | None


class SyncChange(Output):
    """Something to add or replace by what it is now, or to forget where it is `gone`."""

    kind: Literal[
        "assignment", "occurrence", "submission", "draft", "rest_period", "question", "goal"
    ]
    id: Id
    version: int
    gone: bool
    body: dict[str, Any] | None


class SyncOut(Output):
    """Results in the order of the items, and what changed since the cursor.

    `start_over`: the cursor was too old, or none was sent; drop what is held and begin with
    `changes`. `more`: sync again at once with the new cursor, for the rest. A slot's `state` is
    that of `server_time`; until the next sync it follows from its window and the rest periods.
    """

    results: list[SyncResult]
    changes: list[SyncChange]
    start_over: bool
    more: bool
    cursor: str
    server_time: datetime
    help: HelpOut
