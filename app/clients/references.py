"""What other systems call a client: added, replaced, shown.

A number that is taken tells that somebody is a client here. Whoever may not know that client is
told only that the front desk sees to it; each time is counted and audited, and few are answered.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from sqlalchemy import LargeBinary, Text, delete, select
from sqlalchemy.dialects.postgresql import ARRAY
from starlette.responses import Response

from app.access.visible import known
from app.accounts import throttling
from app.clients import finding
from app.clients import schemas as wire
from app.clients.models import ExternalRef
from app.core.errors import Conflict
from app.core.ids import SYSTEM, new_id
from app.core.statements import UUID_TEXT, Query, p
from app.operation.after_commit import RefusedAfterCommit
from app.operation.work import Row, Work

UNKNOWN: Final = "clients.ref_of_the_desk"
MOST_UNKNOWN: Final = 5
"""Numbers of clients one may not know that are answered within a quarter of an hour."""
_WAIT: Final = (
    "Several of these numbers could not be added. Leave them out, or wait a while; the front desk"
    " can add them."
)

_OF_CLIENT = Query(
    select(ExternalRef.id, ExternalRef.client_id, ExternalRef.system, ExternalRef.value)
    .where(ExternalRef.client_id == p("of_client"), known(ExternalRef))
    .order_by(ExternalRef.id)
)
_WHOSE = Query(
    select(ExternalRef.id, ExternalRef.client_id).where(
        ExternalRef.system == p("system", Text()),
        ExternalRef.value_hash == p("value_hash", LargeBinary()),
        known(ExternalRef),
    )
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

    Raises Conflict for one that names another client already: `clients.ref_taken` where the caller
    knows that client, else `clients.ref_of_the_desk`.
    """
    # In one order for everybody, so that two that share references wait instead of deadlocking.
    for position, ref in sorted(refs, key=lambda one: (one[1].system, one[1].value)):
        hashed = finding.ref_hash(work, ref.system, ref.value)
        added = await work.add(
            ExternalRef,
            unless=("practice_id", "system", "value_hash"),
            id=new_id(),
            client_id=client_id,
            system=ref.system,
            value_hash=hashed,
            value=ref.value,
        )
        if not added:
            whose = await work.row(_WHOSE, system=ref.system, value_hash=hashed)
            raise _taken(position, is_known=whose is not None)


def _taken(position: int, *, is_known: bool) -> Conflict:
    if is_known:
        code, words = "clients.ref_taken", "This reference names another client already."
        what = "An external reference names another client already. Look that one up first."
    else:
        code, words = UNKNOWN, "This reference cannot be added from here."
        what = (
            "An external reference cannot be added from here. Leave it out and ask the front desk,"
            " who will resolve it."
        )
    pointer = f"/external_refs/{position}"
    return Conflict(code, what, errors=[{"pointer": pointer, "code": code, "detail": words}])


async def answered(
    work: Work, client_id: str | None, doing: Callable[[], Awaitable[Response]]
) -> Response:
    """The answer of what adds references; a refusal about a client one may not know is kept.

    Raises TooMany when several were refused so already, whatever is asked now.
    """
    subject = work.house.keyring.blind(SYSTEM, "refs", f"{work.practice_id}:{work.actor.user_id}")
    async with work.in_capacity("visitor"):
        await throttling.demand_few(work, subject, MOST_UNKNOWN, _WAIT)
    try:
        async with work.attempt():
            return await doing()
    except Conflict as refused:
        if refused.code != UNKNOWN:
            raise
        async with work.in_capacity("visitor"):
            await throttling.count(work, subject)
        work.note("contact", client_id, outcome="ref_taken")
        return RefusedAfterCommit(refused)


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
