"""That there is nothing is something one can read of a client, too."""

import pytest
from sqlalchemy import select

from app.core.ids import SYSTEM
from app.core.statements import Query, p
from app.operation.record import AuditEvent
from app.operation.work import Work
from tests.cast import Cast

_READS = Query(
    select(AuditEvent.operation, AuditEvent.outcome).where(
        AuditEvent.practice_id == p("practice_id"), AuditEvent.client_id == p("of_client")
    )
)
ROOMS = {"assignments", "goals", "notes", "sessions", "submissions"}


@pytest.mark.parametrize("room", sorted(ROOMS))
async def test_an_empty_list_is_a_read(harbour: Cast, room: str) -> None:
    cleo = harbour.client_ids["cleo"]
    answer = await harbour.thea.http.get(f"/v1/clients/{cleo}/{room}")
    assert answer.json()["items"] == []
    work = Work(harbour.house, operation="test", request_id=SYSTEM)
    async with work.visit(capacity="staff", practice_id=harbour.practice_id):
        rows = await work.rows(_READS, of_client=cleo)
    assert [tuple(row.values()) for row in rows] == [(f"list_{room}", "read")]
