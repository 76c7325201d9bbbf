"""A client's own data, and whom one acts for, at the client door."""

from hashlib import blake2b

from fastapi import APIRouter
from starlette.responses import Response

from app.access.permissions import Permission
from app.clients import mine as clients
from app.clients.my_schemas import ActingForList, MyProfileOut, MyProfileUpdate, WardProfileOut
from app.core.database import encoded
from app.core.wire import json, page
from app.operation.frame import Framed, Working
from app.operation.marks import may

mine = APIRouter(prefix="/v1/me", tags=["clients"], route_class=Framed)


@mine.get("/profile", response_model=MyProfileOut | WardProfileOut)
@may(Permission.my_profile_read, living=True)
async def get_my_profile(work: Working) -> Response:
    """What the practice has on file about me, or about the client I am guardian of."""
    if work.actor.capacity == "self":
        profile = await clients.profile(work)
        return json(profile, version=profile["version"])
    ward = await clients.ward(work)
    tag = blake2b(encoded(ward), digest_size=8).hexdigest()
    return json(ward, headers={"etag": f'W/"{tag}"'})


@mine.patch("/profile", response_model=MyProfileOut)
@may(Permission.my_profile_write, versioned=True)
async def update_my_profile(work: Working, asked: MyProfileUpdate) -> Response:
    """Change how I am called and reached, and whether my guardians may know what I am called."""
    profile = await clients.update(work, asked)
    return json(profile, version=profile["version"])


@mine.get("/acting-for", response_model=ActingForList)
@may(Permission.my_people)
async def list_my_acting_for(work: Working) -> Response:
    """Whom I act for: myself, or each client I am guardian of. Needs no Acting-For header."""
    return page(await clients.acting_for(work), None)
