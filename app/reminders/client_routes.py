"""Reminders at the client door."""

from fastapi import APIRouter
from starlette.responses import Response

from app.access.permissions import Permission
from app.core.wire import json
from app.operation import preconditions
from app.operation.frame import Framed, Working
from app.operation.marks import may
from app.reminders import service as reminders
from app.reminders.schemas import MyRemindersOut, MyRemindersUpdate

mine = APIRouter(prefix="/v1/me", tags=["reminders"], route_class=Framed)


@mine.get("/reminders", response_model=MyRemindersOut)
@may(Permission.my_homework_read, living=True)
async def get_my_reminders(work: Working) -> Response:
    """How I am reminded. There are no reminders until I choose a channel."""
    chosen = await reminders.get(work)
    return json(chosen, version=chosen["version"])


@mine.patch("/reminders", response_model=MyRemindersOut)
@may(Permission.my_reminders, versioned=True)
async def update_my_reminders(work: Working, asked: MyRemindersUpdate) -> Response:
    """Choose whether, how and when I am reminded. It holds for every slot ahead, at once."""
    chosen = await reminders.update_mine(work, asked, preconditions.seen(work))
    return json(chosen, version=chosen["version"])
