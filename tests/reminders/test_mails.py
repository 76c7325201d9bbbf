"""What stands in a reminder by mail, and what does not."""

import pytest
from jinja2 import meta

from app.operation.house import House
from app.reminders import sending
from tests.cast import Cast
from tests.homework.scenes import slot
from tests.jobs.conftest import Mails
from tests.reminders.choosing import by_mail
from tests.reminders.test_sending import due, go_round


async def test_it_says_nothing_of_what_it_is_about(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = await by_mail(harbour)
    assigned = await due(harbour, title="Letters to my father", rationale="He never wrote back.")
    await go_round(worker)
    said = mails(email)[0].as_string()
    unwanted = ("father", "wrote", "Cleo", "Legalname", "Thea", assigned["id"])
    assert [word for word in unwanted if word in said] == []


async def test_where_only_discretion_will_do_the_practice_is_not_named(
    harbour: Cast, worker: House, mails: Mails
) -> None:
    email = await by_mail(harbour, point={"discreet_only": True})
    await due(harbour)
    await go_round(worker)
    (mail,) = mails(email)
    assert (mail["Subject"], "Harbour" in mail.as_string()) == ("A reminder", False)


async def test_the_slot_itself_is_no_other_for_it(harbour: Cast, worker: House) -> None:
    await by_mail(harbour)
    await due(harbour)
    before = await slot(harbour.cleo)
    await go_round(worker)
    assert await slot(harbour.cleo) == before


@pytest.mark.parametrize("name", sending.TEXTS.list_templates())
def test_a_mail_uses_our_words(name: str) -> None:
    assert sending.TEXTS.loader is not None
    source = sending.TEXTS.loader.get_source(sending.TEXTS, name)[0]
    asked = meta.find_undeclared_variables(sending.TEXTS.parse(source))
    assert asked <= {"practice", "link", "stop"}
    shown = source.lower()
    unwanted = (
        "!", "patient", "therap", "client", "treatment", "session", "homework", "exercise",
        "failed", "missed", "compliant", "streak", "amazing", "overdue",
    )  # fmt: skip
    assert [word for word in unwanted if word in shown] == []
