"""The exchange between a device that was offline and the record."""

from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from app.core.wire import WHOLE, ClientKey, Id, Input, MaybeZone, Moment, Output
from app.homework.sent import AnsweredBefore
from app.practices.help import HelpOut
from app.sync.kinds import KINDS

MOST_ITEMS: Final = 500

Outcome = Literal["stored", "duplicate", "superseded", "conflict", "refused", "again_later"]


class SyncItem(Input):
    """One thing that was made or changed while offline.

    `kind` is one of those the description lists. It is about the thing with `about_id`, or about
    the one another item made, by its `about_key`, in this batch or an earlier one. `body` is what
    the operation of that kind takes; `client_key` and `sent_at` need not be repeated in it.
    Put into it when it was (`occurred_at`) and the `zone` it was in, when it is written down: a
    batch is sent later, and maybe from elsewhere. `base_version` is the version that was seen, for
    what changes a thing.
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

    `zone` is where the device is now; it stands for that of items that say none of their own, and
    where it is absent or unknown (`Etc/Unknown`) the client's own does. Each of `items` is a
    SyncItem. One that is not as it should be is refused by itself.
    """

    checked_apart = frozenset({"items"})

    client_id: Id
    zone: MaybeZone = None
    sent_at: Moment
    cursor: Annotated[str, Field(max_length=400)] | None = None
    items: list[Any] = Field(
        default=[],
        max_length=MOST_ITEMS,
        json_schema_extra={"items": SyncItem.model_json_schema()},
    )


class SyncResult(Output):
    """What became of one item, and what the device keeps of it: never less than `keep` says.

    `nothing`: forget the item. Its words are stored (`stored` now, `duplicate` before, with the
    `receipt` of then), or it is a draft of which the same batch sent every word (`superseded`).

    `item` (`again_later`): send it again as it is, under its key. `problem` may say what first.

    `words`: what the client wrote is on the device alone. Keep it, show it to them with `problem`,
    and send what they then want. `conflict`: the thing is in another version now; bring both
    together, and send that with `current_version` as `base_version`. `refused`: correct what
    `problem` names. `superseded`: the draft was sent or thrown away elsewhere; begin another
    without `base_version`, or send it.

    `resend_key` says under which key: the `same`, under which nothing is stored, or a `fresh` one,
    because something else is stored under this one (its `receipt` is told).

    `also_answered`: it is stored, and this is what had been sent for the slot under other keys.

    `zone_replaced`: the item said no zone that is known; the batch's stands for it where that is
    known, else the client's own.
    """

    client_key: str | None
    kind: str | None
    outcome: Outcome
    keep: Literal["nothing", "item", "words"]
    resend_key: Literal["same", "fresh"] | None
    id: Id | None
    current_version: int | None
    zone_replaced: bool
    also_answered: list[AnsweredBefore]
    receipt: dict[str, Any] | None
    problem: dict[str, Any] | None


class SyncChange(Output):
    """Something to add or replace by what it is now, or to forget where it is `gone`.

    It is about what the server told before, and never about what is not sent yet: words written
    since, and items whose result is not known, stay on the device.
    """

    kind: Literal[
        "assignment", "occurrence", "submission", "draft", "rest_period", "question", "goal"
    ]
    id: Id
    version: int
    gone: bool
    body: dict[str, Any] | None


class SyncOut(Output):
    """Results in the order of the items, and what changed since the cursor.

    `start_over`: the cursor was too old, or none was sent; drop what the server told before and
    begin with `changes`. What is not sent yet stays. `more`: sync again at once with the new
    cursor, for the rest. A slot's `state` is that of `server_time`; until the next sync it follows
    from its window and the rest periods.
    """

    results: list[SyncResult]
    changes: list[SyncChange]
    start_over: bool
    more: bool
    cursor: str
    server_time: datetime
    help: HelpOut
