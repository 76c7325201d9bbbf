"""Files on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from app.core.wire import WHOLE, ClientKey, Id, Input, Output
from app.files.sniffing import ACCEPTED, TAKEN, MediaType, named

Status = Literal["receiving", "looking", "ready", "refused"]


def _taken(value: object) -> object:
    known = named(value) if isinstance(value, str) else value
    if isinstance(known, str) and known not in TAKEN:
        raise ValueError(f"taken are {ACCEPTED}")
    return known


Taken = Annotated[MediaType, BeforeValidator(_taken)]
Size = Annotated[
    int,
    # One that is too large is told so in words of its own, and not by the validator.
    Field(strict=True, ge=1, le=10**12, description="bytes in all, at most 20 MB"),
    WHOLE,
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 20 * 1024 * 1024}),
]


class UploadCreate(Input):
    """A picture or a voice note that is about to be sent."""

    client_key: ClientKey
    media_type: Taken
    size: Size


class RefusalOut(Output):
    """Why a file was not taken, and what to do about it."""

    code: str
    detail: str


class MyUploadOut(Output):
    """A file on its way, or here.

    `offset` is how many bytes have arrived: where to go on. `status`: `receiving`, then `looking`
    while it is cleaned (it can go with a submission already), then `ready`; or `refused`, and
    `refused` says why. `media_type` is what it was announced as, and once it is ready what it is;
    `kept_size` how large it is without what was taken out of it. One that goes with no submission
    is removed at `kept_until`: a day after its last part, or 90 days after a draft that names it
    was saved.
    """

    id: Id
    media_type: MediaType
    size: int
    offset: int
    status: Status
    refused: RefusalOut | None
    kept_size: int | None
    submission_id: Id | None
    created_at: datetime
    kept_until: datetime | None
