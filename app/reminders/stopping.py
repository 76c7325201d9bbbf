"""Stopping reminders by mail with the link in each of them, signed in or not."""

import base64
import hmac
from typing import Final
from uuid import UUID

from sqlalchemy import case, func, or_, select, update

from app.choices.models import ReminderChoice
from app.core.errors import NotFound
from app.core.statements import Query, p
from app.operation.house import House
from app.operation.work import Work
from app.reminders import service as reminders

_ID: Final = 16
_TAG: Final = 16

_BY_MAIL = Query(
    select(ReminderChoice.id, ReminderChoice.client_id)
    .where(
        ReminderChoice.practice_id == p("practice_id"),
        ReminderChoice.client_id == p("of_client"),
        ReminderChoice.channel == "email",
    )
    .with_for_update()
)
_STOP = Query(
    update(ReminderChoice)
    .where(
        ReminderChoice.practice_id == p("practice_id"),
        ReminderChoice.client_id == p("of_client"),
        or_(ReminderChoice.assignment_id.is_(None), ReminderChoice.channel == "email"),
    )
    .values(
        channel=case((ReminderChoice.channel == "email", "none"), else_=ReminderChoice.channel),
        version=ReminderChoice.version + 1,
        changed_at=func.now(),
    )
)


def token(house: House, practice_id: str, client_id: str) -> str:
    """What stops this client's reminders by mail, and does nothing else: both ids, and a keyed
    MAC over them. It stands in no table, and works for good."""
    said = UUID(practice_id).bytes + UUID(client_id).bytes
    tag = _tag(house, practice_id, client_id)
    return base64.urlsafe_b64encode(said + tag).decode()


async def stop(work: Work, given: str) -> None:
    """What went by mail goes no way any more; what the app reminds of stays. Again: no change.

    Raises NotFound for a token that was never made here.
    """
    practice_id, client_id = _read(work.house, given)
    async with work.visit(capacity="job", practice_id=practice_id):
        if not await work.rows(_BY_MAIL, of_client=client_id):
            return
        await work.run(_STOP, of_client=client_id)
        await reminders.tell_slots(work, client_id)
        work.note("homework", client_id)
        work.tell("reminders.chosen", client_id, client_id)


def _read(house: House, given: str) -> tuple[str, str]:
    try:
        raw = base64.b64decode(given, altchars=b"-_", validate=True)
    except ValueError:
        raise _unknown() from None
    if len(raw) != 2 * _ID + _TAG:
        raise _unknown()
    practice_id, client_id = str(UUID(bytes=raw[:_ID])), str(UUID(bytes=raw[_ID : 2 * _ID]))
    if not hmac.compare_digest(raw[2 * _ID :], _tag(house, practice_id, client_id)):
        raise _unknown()
    return practice_id, client_id


def _tag(house: House, practice_id: str, client_id: str) -> bytes:
    return house.keyring.blind(practice_id, "unsubscribe", client_id)[:_TAG]


def _unknown() -> NotFound:
    return NotFound(
        "reminders.token",
        "This link is not whole. Open it from the mail once more, or choose in your app.",
    )
