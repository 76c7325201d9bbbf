"""Help, at the client door."""

from hashlib import blake2b
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.database import encoded
from app.core.wire import json
from app.operation.frame import Framed, Working
from app.operation.marks import may
from app.practices import help as crisis_help
from app.practices.help import HelpOut

mine = APIRouter(prefix="/v1/me", tags=["practices"], route_class=Framed)

KEPT: Final = "private, max-age=86400"
"""Made to be kept: help must be there without a connection."""


@mine.get("/help", response_model=HelpOut)
@may(Permission.my_help)
async def get_my_help(work: Working) -> Response:
    """Where help is, day and night. Keep it on the device."""
    found = (await crisis_help.of(work))["help"]
    tag = blake2b(encoded(found), digest_size=8).hexdigest()
    return json(found, headers={"etag": f'W/"{tag}"', "cache-control": KEPT})
