"""Addresses that wait for somebody to say that they are the client's: a section of the day.

Only where the practice wants them confirmed, and only of clients who have not joined yet.
"""

from typing import Final

from sqlalchemy import Integer, Text, and_, func, literal_column, select

from app.access.grounds import ClientLogin
from app.access.practice import Practice
from app.access.visible import known
from app.clients.models import Client, ClientAddress
from app.core.statements import Query, p
from app.operation.work import Row, Work
from app.overview import diary, showing
from app.practices.service import USUAL

SECTION: Final = "addresses_to_confirm"
EMAIL: Final = (
    ClientAddress.id.label("address_id"),
    ClientAddress.client_id.label("address_of"),
    ClientAddress.value.label("email"),
)
"""The address of a row that has one: to be shown."""

_CHOSEN = (
    select(func.coalesce(Practice.policies["desk_invites"].astext, USUAL["desk_invites"]))
    .where(Practice.practice_id == p("practice_id"))
    .scalar_subquery()
)
WAITS: Final = and_(
    ClientAddress.confirmed_at.is_(None),
    literal_column("'confirm'", Text()) == _CHOSEN,
    ~select(ClientLogin.user_id)
    .where(
        ClientLogin.practice_id == ClientAddress.practice_id,
        ClientLogin.client_id == ClientAddress.client_id,
    )
    .correlate(ClientAddress)
    .exists(),
)
"""A row of `ClientAddress` that belongs in the section."""


_UNTREATED: Final = Query(
    select(
        *showing.CLIENT,
        Client.version,
        *EMAIL,
        ClientAddress.created_at.label("since"),
    )
    .select_from(ClientAddress)
    .join(Client, showing.client_of(ClientAddress))
    .where(known(ClientAddress), WAITS, ~diary.is_treated(ClientAddress))
    .order_by(ClientAddress.created_at, ClientAddress.id)
    .limit(p("most", Integer()))
)


async def of_nobodys_clients(work: Work, most: int) -> list[Row]:
    """Return the section for an owner: of clients whom nobody treats, the oldest first."""
    return [shown(row) for row in await work.rows(_UNTREATED, most=most)]


def shown(row: Row) -> Row:
    """Return an address as the section shows it, of a row with its client's `version`."""
    item = {"client_id": row["client_id"], "client": showing.client(row)}
    return item | {name: row[name] for name in ("email", "since", "version")}
