"""What other systems call a client: added, replaced, shown."""

from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.visible import known
from app.clients import finding
from app.clients import schemas as wire
from app.clients.models import ExternalRef
from app.core.errors import Conflict
from app.core.ids import new_id
from app.core.statements import UUID_TEXT, Query, p
from app.operation.work import Row, Work

_OF_CLIENT = Query(
    select(ExternalRef.id, ExternalRef.client_id, ExternalRef.system, ExternalRef.value)
    .where(ExternalRef.client_id == p("of_client"), known(ExternalRef))
    .order_by(ExternalRef.id)
)
_FORGET = Query(
    delete(ExternalRef).where(
        ExternalRef.client_id == p("of_client"),
        ExternalRef.id == p("ids", ARRAY(UUID_TEXT)).any_(),
        known(ExternalRef),
    )
)


async def of_client(work: Work, client_id: str) -> list[Row]:
    """A client's external references, for those who know the client."""
    rows = await work.rows(_OF_CLIENT, of_client=client_id)
    return [{"system": row["system"], "value": row["value"]} for row in rows]


async def add(work: Work, client_id: str, refs: Iterable[tuple[int, wire.ExternalRef]]) -> None:
    """Add references, each with its position in what was asked.

    Raises Conflict `clients.ref_taken` for one that names another client already.
    """
    # In one order for everybody, so that two that share references wait instead of deadlocking.
    for position, ref in sorted(refs, key=lambda one: (one[1].system, one[1].value)):
        added = await work.add(
            ExternalRef,
            unless=("practice_id", "system", "value_hash"),
            id=new_id(),
            client_id=client_id,
            system=ref.system,
            value_hash=finding.ref_hash(work, ref.system, ref.value),
            value=ref.value,
        )
        if not added:
            code, words = "clients.ref_taken", "This reference names another client already."
            raise Conflict(
                code,
                "An external reference names another client already. Look that one up first.",
                errors=[{"pointer": f"/external_refs/{position}", "code": code, "detail": words}],
            )


async def replace(work: Work, client_id: str, refs: list[wire.ExternalRef]) -> None:
    """Keep those of `refs` that are there, add the others, forget the rest. Raises as `add`."""
    rows = await work.rows(_OF_CLIENT, of_client=client_id)
    there = {(row["system"], _value(row["value"])): row["id"] for row in rows}
    wanted = {(ref.system, ref.value) for ref in refs}
    gone = [ref_id for one, ref_id in there.items() if one not in wanted]
    await work.run(_FORGET, of_client=client_id, ids=gone)
    new = [(n, ref) for n, ref in enumerate(refs) if (ref.system, ref.value) not in there]
    await add(work, client_id, new)


def _value(shown: object) -> str:
    return str(getattr(shown, "value", shown))
