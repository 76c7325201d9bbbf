"""Reminders by mail: each slot's once, whoever else is at work, and nothing in them.

A slot is taken in hand by a row in `reminders`, which there is once; what was taken is sent by
the queue, marked as sent before it goes out. So a worker that dies over a mail leaves it unsent:
a reminder comes at most once, and a second one would be worse than none. A mail that the server
is known not to have taken is tried again, for as long as the reminder is worth anything.
"""

from collections.abc import Iterable
from datetime import time, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Integer, and_, func, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from app.access.practice import Practice
from app.choices import reminding
from app.choices.models import ReminderChoice
from app.clients.models import Client
from app.core.clock import now
from app.core.database import Instant
from app.core.ids import new_id
from app.core.statements import UUID_TEXT, Query, p
from app.homework.models import Assignment, Occurrence
from app.homework.state import RESTED
from app.jobs import mail
from app.jobs.everywhere import in_each_practice
from app.jobs.registry import Event, NotDone, acting, on, regularly
from app.operation.work import Row, Work
from app.reminders import service as reminders
from app.reminders import stopping
from app.reminders.models import Reminder
from app.schedules.local import instant, local_day

WORTH_SENDING: Final = timedelta(hours=6)
"""A reminder later than this would only puzzle."""
BATCH: Final = 500

TEXTS = mail.templates(Path(__file__).parent / "mails")

_whole, _single = aliased(ReminderChoice), aliased(ReminderChoice)
_MOMENT: Final = p("moment", Instant())
_wanted = and_(
    Occurrence.status == "upcoming",
    Occurrence.opens_at <= _MOMENT,
    or_(Occurrence.due_at.is_(None), Occurrence.due_at > _MOMENT),
    or_(Occurrence.closes_at.is_(None), Occurrence.closes_at > _MOMENT),
    Assignment.status == "active",
    ~RESTED,
)
"""A slot that waits for its client: nothing excused, paused, answered, due by now, or over."""
_of_assignment = and_(
    Assignment.practice_id == Occurrence.practice_id,
    Assignment.client_id == Occurrence.client_id,
    Assignment.id == Occurrence.assignment_id,
)
_DUE = Query(
    select(Occurrence.id, Occurrence.client_id, Occurrence.remind_at)
    .select_from(Occurrence)
    .join(Assignment, _of_assignment)
    .join(
        Client,
        and_(Client.practice_id == Occurrence.practice_id, Client.id == Occurrence.client_id),
    )
    .join(
        _whole,
        and_(
            _whole.practice_id == Occurrence.practice_id,
            _whole.client_id == Occurrence.client_id,
            _whole.assignment_id.is_(None),
        ),
    )
    .outerjoin(
        _single,
        and_(
            _single.practice_id == Occurrence.practice_id,
            _single.client_id == Occurrence.client_id,
            _single.assignment_id == Occurrence.assignment_id,
        ),
    )
    .where(
        Occurrence.practice_id == p("practice_id"),
        Occurrence.remind_at <= _MOMENT,
        Occurrence.remind_at > p("since", Instant()),
        _wanted,
        Client.status == "active",
        _whole.channel != "none",
        func.coalesce(_single.channel, _whole.channel) == "email",
        ~select(Reminder.id)
        .where(
            Reminder.practice_id == Occurrence.practice_id,
            Reminder.occurrence_id == Occurrence.id,
        )
        .exists(),
    )
    .order_by(Occurrence.remind_at, Occurrence.id)
    .limit(p("most", Integer()))
)
# Held until it is marked: two mails of one client are written one after the other.
_CLIENT = Query(
    select(Client.id, Client.words, Client.zone, Client.status, Practice.name.label("practice"))
    .join(Practice, Practice.practice_id == Client.practice_id)
    .where(Client.practice_id == p("practice_id"), Client.id == p("of_client"))
    .with_for_update(of=Client, key_share=True)
)
_TAKEN = Query(
    select(Reminder.id, Reminder.client_id, Occurrence.assignment_id)
    .join(
        Occurrence,
        and_(
            Occurrence.practice_id == Reminder.practice_id,
            Occurrence.client_id == Reminder.client_id,
            Occurrence.id == Reminder.occurrence_id,
        ),
    )
    .join(Assignment, _of_assignment)
    .where(
        Reminder.practice_id == p("practice_id"),
        Reminder.client_id == p("of_client"),
        Reminder.sent_at.is_(None),
        Reminder.remind_at > p("since", Instant()),
        _wanted,
    )
)
_SENT_SINCE = Query(
    select(Reminder.id, Reminder.client_id)
    .where(
        Reminder.practice_id == p("practice_id"),
        Reminder.client_id == p("of_client"),
        Reminder.sent_at >= p("since", Instant()),
    )
    .limit(1)
)
_MARK = Query(
    update(Reminder)
    .where(
        Reminder.practice_id == p("practice_id"), Reminder.id == p("ids", ARRAY(UUID_TEXT)).any_()
    )
    .values(sent_at=p("sent_at", Instant()))
)


@regularly("*/5 * * * *")
async def send_reminders(work: Work) -> None:
    """Take in hand what is due to be reminded of by mail, and tell of it once for each client.

    Due is what was to be reminded of in the last 6 hours. Reminders in the app are the app's own.
    """
    await in_each_practice(work, _take_all)


async def _take_all(work: Work, practice_id: str) -> None:
    while await _take(work, practice_id) == BATCH:
        pass


async def _take(work: Work, practice_id: str) -> int:
    async with work.visit(capacity="job", practice_id=practice_id):
        moment = now()
        due = await work.rows(_DUE, moment=moment, since=moment - WORTH_SENDING, most=BATCH)
        taken = [row["client_id"] for row in due if await _claim(work, row)]
        for client_id in dict.fromkeys(taken):
            work.tell("reminders.due", client_id, client_id)
    return len(due)


async def _claim(work: Work, row: Row) -> bool:
    return await work.add(
        Reminder,
        unless=("practice_id", "occurrence_id"),
        id=new_id(),
        client_id=row["client_id"],
        occurrence_id=row["id"],
        remind_at=row["remind_at"],
    )


@on("reminders.due")
async def send(work: Work, event: Event) -> None:
    """One mail for all that was taken in hand of this client's; in a digest, one for the day.

    What was answered, excused or paused meanwhile needs none. Raises NotDone when the mail could
    not be handed over; then it is as if it had not been tried.
    """
    async with work.visit(**acting(event)):
        letter, ids = await _letter(work, event.subject_id)
    if letter is None:
        return
    try:
        await mail.mailer(work.house.settings).send(letter)
    except NotDone:
        async with work.visit(**acting(event)):
            await work.run(_MARK, ids=ids, sent_at=None)
        raise


async def _letter(work: Work, client_id: str) -> tuple[Any, list[str]]:
    """The mail to send, and the reminders it stands for, marked as sent; None where there is
    none to send."""
    moment = now()
    client = await work.row(_CLIENT, of_client=client_id)
    if client is None or client["status"] != "active":
        return None, []
    chosen = await reminding.remind_times(work, client_id)
    taken = await work.rows(
        _TAKEN, of_client=client_id, moment=moment, since=moment - WORTH_SENDING
    )
    ids = list(_by_mail(chosen, taken))
    if not ids:
        return None, []
    midnight = instant(local_day(moment, client["zone"]), time(), client["zone"])
    is_told = chosen.is_digest and await work.row(_SENT_SINCE, of_client=client_id, since=midnight)
    await work.run(_MARK, ids=ids, sent_at=moment)
    to = reminders.address(client)
    if is_told or to is None:
        return None, []
    settings = work.house.settings
    stop = f"{settings.public_url}/v1/unsubscribe/" + stopping.token(
        work.house, work.practice_id, client_id
    )
    letter = mail.write(
        settings,
        TEXTS,
        "reminder_discreet" if to.get("discreet_only", False) else "reminder",
        to["value"],
        practice=" ".join(client["practice"].split()),
        link=settings.public_url,
        stop=stop,
    )
    mail.let_stop(letter, stop)
    return letter, ids


def _by_mail(chosen: reminding.Chooser, taken: Iterable[Row]) -> Iterable[str]:
    return (row["id"] for row in taken if chosen.choice(row["assignment_id"]).channel == "email")
