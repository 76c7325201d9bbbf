"""Every refusal leaves an audit row, also where the caller could not even come in."""

from typing import Any

from sqlalchemy import select

from app.access.grounds import Guardian
from app.core.clock import now
from app.core.ids import SYSTEM
from app.core.statements import Query, p
from app.operation.record import AuditEvent
from app.operation.work import Work
from tests.cast import Cast, Person

_REFUSALS = Query(
    select(AuditEvent.operation, AuditEvent.outcome, AuditEvent.asked_id).where(
        AuditEvent.practice_id == p("practice_id"), AuditEvent.user_id == p("me")
    )
)


async def recorded(cast: Cast, person: Person) -> list[tuple[Any, ...]]:
    work = Work(cast.house, operation="test", request_id=SYSTEM)
    known = {"practice_id": cast.practice_id, "user_id": person.user_id}
    async with work.visit(capacity="staff", **known):
        return [tuple(row.values()) for row in await work.rows(_REFUSALS)]


async def test_a_guardian_asking_for_another_child(harbour: Cast) -> None:
    carl = harbour.client_ids["carl"]
    answer = await harbour.greta.http.get("/v1/me/goals", headers={"Acting-For": carl})
    assert answer.status_code == 404
    assert await recorded(harbour, harbour.greta) == [("list_my_goals", "not_found", carl)]


async def test_a_client_asking_for_another_client(harbour: Cast) -> None:
    carl = harbour.client_ids["carl"]
    answer = await harbour.cleo.http.get("/v1/me/goals", headers={"Acting-For": carl})
    assert answer.status_code == 404
    assert await recorded(harbour, harbour.cleo) == [("list_my_goals", "not_found", carl)]


async def test_a_guardian_whose_days_are_over(harbour: Cast) -> None:
    work, transaction = harbour.job()
    kit = harbour.client_ids["kit"]
    mine = Query(select(Guardian.id).where(Guardian.client_id == p("kit")))
    async with transaction:
        for row in await work.rows(mine, kit=kit):
            await work.alter(Guardian, row["id"], ends_on=now().date().replace(year=2021))
    answer = await harbour.greta.http.get("/v1/me/goals")
    assert answer.json()["code"] == "access.scope"
    assert await recorded(harbour, harbour.greta) == [("list_my_goals", "refused", kit)]
