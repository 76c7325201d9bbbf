"""Names that an earlier release indexed are indexed anew, a few at a time, until none is left."""

from typing import Any, Final

from sqlalchemy import select

from app.clients import finding
from app.clients.models import Client, ClientLookup
from app.core.statements import Query, p
from app.jobs.everywhere import in_each_practice
from app.jobs.registry import regularly
from app.operation.work import Work

BATCH: Final = 100
"""Clients of a practice at a time; each opens one sealed name."""

_EARLIER = Query(
    select(ClientLookup.client_id)
    .where(ClientLookup.practice_id == p("practice_id"), ClientLookup.kind == finding.EARLIER_NAME)
    .distinct()
    .limit(BATCH)
)
_HELD = Query(
    select(Client.id, Client.words)
    .where(Client.practice_id == p("practice_id"), Client.id == p("of_client"))
    .with_for_update()
)


@regularly("* * * * *")
async def reindex_client_names(work: Work) -> None:
    """Index the names that are only found by the earlier kind of hashes."""
    await in_each_practice(work, _reindex)


async def _reindex(work: Work, practice_id: str) -> None:
    async with work.visit(capacity="job", practice_id=practice_id):
        clients = [row["client_id"] for row in await work.rows(_EARLIER)]
    for client_id in clients:
        async with work.visit(capacity="job", practice_id=practice_id):
            # Locked, so that a name changed meanwhile is not found by what it was.
            client: Any = await work.row(_HELD, of_client=client_id)
            await finding.index(work, client_id, client)
