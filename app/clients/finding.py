"""Finding clients: by keyed hashes of names, dates and references, and in order of their names."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Literal

from sqlalchemy import (
    Integer,
    LargeBinary,
    Select,
    Text,
    and_,
    column,
    delete,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.grounds import CareAssignment
from app.access.visible import known, readable
from app.clients import name_search
from app.clients.models import Client, ClientLookup, ExternalRef
from app.clients.name_search import LONGEST_PREFIX
from app.core.database import Instant
from app.core.errors import Invalid
from app.core.statements import UUID_TEXT, Query, Statement, p
from app.operation.listing import FIRST
from app.operation.work import Row, Work
from app.vault.sealing import name_words, normal_email, normal_phone

Sort = Literal["newest", "name"]

LARGEST_OPENED: Final = 2000
SORTED_BY: Final = 60
"""So many letters of a name count for its place in order; then the id does."""

LINE: Final = (
    Client.id,
    Client.words,
    Client.zone,
    Client.locale,
    Client.status,
    Client.created_at,
    Client.changed_at,
    Client.version,
)

_BYTES = ARRAY(LargeBinary)
_PRACTICE = p("practice_id")


NAME: Final = "name_parts"
EARLIER_NAME: Final = "name"
"""The kind of hashes of an earlier release; app.clients.reindexing replaces them."""
_SOUGHT: Final = (
    func.unnest(p("names", _BYTES), p("words", ARRAY(Integer)))
    .table_valued(column("hash", LargeBinary), column("word", Integer), name="sought")
    .render_derived()
)


def _looked_up(kind: str, hashes: Any) -> Select[Any]:
    return select(ClientLookup.client_id).where(
        ClientLookup.practice_id == _PRACTICE,
        ClientLookup.kind == kind,
        ClientLookup.hash == hashes,
    )


_FILTERS: Final[Mapping[str, Any]] = {
    "status": Client.status == p("status", Text()),
    "changed_after": Client.changed_at > p("changed_after", Instant()),
    "birth": Client.id.in_(_looked_up("birth", p("birth", LargeBinary()))),
    "names": or_(
        Client.id.in_(
            select(ClientLookup.client_id)
            .join(_SOUGHT, ClientLookup.hash == _SOUGHT.c.hash)
            .where(ClientLookup.practice_id == _PRACTICE, ClientLookup.kind == NAME)
            .group_by(ClientLookup.client_id)
            .having(func.count(_SOUGHT.c.word.distinct()) == p("words_sought", Integer()))
        ),
        # Who was indexed by an earlier release, until the worker has come by.
        Client.id.in_(
            _looked_up(EARLIER_NAME, p("names_earlier", _BYTES).any_())
            .group_by(ClientLookup.client_id)
            .having(func.count() == p("how_many_earlier", Integer()))
        ),
    ),
    "ref": Client.id.in_(
        select(ExternalRef.client_id).where(
            ExternalRef.practice_id == _PRACTICE,
            ExternalRef.system == p("system", Text()),
            ExternalRef.value_hash == p("ref", LargeBinary()),
        )
    ),
    "therapist": Client.id.in_(
        select(CareAssignment.client_id).where(
            CareAssignment.practice_id == _PRACTICE,
            CareAssignment.user_id == p("therapist"),
            CareAssignment.starts_at <= func.now(),
            or_(CareAssignment.ends_at.is_(None), CareAssignment.ends_at > func.now()),
        )
    ),
}


@cache
def _matching(filters: tuple[str, ...], *, keeps: bool, opened: bool) -> Query:
    """The statement for these filters: a page of the newest, or ids and names of all.

    Those who keep the directory know everyone; for the others, what they read is the same as
    what they know, and is found from their care assignments rather than among all clients.
    """
    seen = known(Client) if keeps else readable(Client)
    wanted = and_(seen, *(_FILTERS[name] for name in filters))
    newest = Client.id.desc()
    if opened:
        names = select(Client.id, Client.words).where(wanted).order_by(newest)
        return _quiet(names.limit(LARGEST_OPENED + 1))
    page = select(*LINE).where(wanted, Client.id < p("after"))
    return _quiet(page.order_by(newest).limit(p("limit", Integer())))


def _quiet(statement: Statement) -> Query:
    """A query whose rows leave no audit rows: more are fetched than shown, and only those shown
    are noted, by `list_of` itself."""
    query = Query(statement)
    query.client = None
    return query


for _keeps in (True, False):  # What nearly every caller asks for is ready before the first call.
    _matching((), keeps=_keeps, opened=False)
    _matching((), keeps=_keeps, opened=True)

_THESE = _quiet(select(*LINE).where(known(Client), Client.id == p("ids", ARRAY(UUID_TEXT)).any_()))
_GIVEN = (
    func.unnest(p("kinds", ARRAY(Text)), p("hashes", _BYTES))
    .table_valued(column("kind", Text), column("hash", LargeBinary))
    .render_derived()
)
_INDEX = Query(
    insert(ClientLookup).from_select(
        ["practice_id", "kind", "hash", "client_id"],
        select(_PRACTICE, _GIVEN.c.kind, _GIVEN.c.hash, p("of_client")),
    )
)
_FORGET = Query(
    delete(ClientLookup).where(
        ClientLookup.practice_id == _PRACTICE, ClientLookup.client_id == p("of_client")
    )
)


async def index(work: Work, client_id: str, words: Row) -> None:
    """Make a client findable by what `words` say now, and by nothing that was there before."""
    values = {(NAME, one) for one in name_search.index_keys(_names(words))}
    for point in words["contact_points"]:
        spelled = normal_email if point["kind"] == "email" else normal_phone
        values.add((point["kind"], spelled(point["value"])))
    if words["birth_date"]:
        values.add(("birth", words["birth_date"]))
    kinds = [kind for kind, _ in values]
    hashes = [work.house.keyring.blind(work.practice_id, kind, value) for kind, value in values]
    await work.run(_FORGET, of_client=client_id)
    await work.run(_INDEX, of_client=client_id, kinds=kinds, hashes=hashes)


def ref_hash(work: Work, system: str, value: str) -> bytes:
    """What an external reference is found by."""
    return work.house.keyring.blind(work.practice_id, f"ref:{system}", value)


async def list_of(
    work: Work,
    *,
    place: str | None,
    limit: int,
    sort: Sort,
    q: str | None,
    **filters: Any,
) -> list[Row]:
    """The clients the caller knows, one past the limit; `filters` are those of the address.

    A row's `place` is where the list continues after it; without one, its id is. Raises
    Invalid `clients.q` for words no name begins with, and `clients.too_many_to_sort` when over
    2,000 clients would have to be opened.
    """
    words = _wanted(q)
    values = {name: value for name, value in filters.items() if value is not None}
    if words:
        values |= _names_sought(work, q or "", words)
    shape = tuple(name for name in _FILTERS if name in values)
    if sort == "newest" and not _has_long_word(words):
        query = _matching(shape, keeps=work.actor.keeps_directory, opened=False)
        rows = await work.rows(query, after=place or FIRST, limit=limit + 1, **values)
    else:
        query = _matching(shape, keeps=work.actor.keeps_directory, opened=True)
        opened = await work.rows(query, **values)
        ids = _in_order(opened, words, sort, place)[: limit + 1]
        rows = await work.rows(_THESE, ids=ids)
        rows.sort(key=lambda row: ids.index(row["id"]))
    for row in rows[:limit]:
        work.note("contact", row["id"], "read")
    if sort == "name":
        for row in rows:
            row["place"] = _place(row)
    return [shown(row) for row in rows]


def _in_order(
    opened: list[Row], words: list[frozenset[str]], sort: Sort, place: str | None
) -> list[str]:
    """The ids that follow `place`, of those whose names really begin so."""
    if len(opened) > LARGEST_OPENED:
        raise Invalid(
            "clients.too_many_to_sort",
            "More than 2,000 clients fit. Narrow them by q, status or therapist.",
        )
    fitting = [row for row in opened if not words or name_search.is_named(_names(row), words)]
    if sort == "newest":
        return [row["id"] for row in fitting if row["id"] < (place or FIRST)]
    places = sorted((_place(row), row["id"]) for row in fitting)
    return [one for where, one in places if place is None or where > place]


def _place(row: Row) -> str:
    """Where a client stands in order of names: what divides name and id sorts before all that
    names are made of."""
    return f"{' '.join(name_words(row['legal_name']))[:SORTED_BY]}\x1f{row['id']}"


def shown(row: Row) -> Row:
    """A client's row as staff see it."""
    row.setdefault("names_to_guardians", False)
    return row


def _names(words: Row) -> str:
    return f"{words['legal_name']} {words['preferred_name'] or ''}"


def _wanted(q: str | None) -> list[frozenset[str]]:
    words = name_search.sought(q or "")
    if q is not None and not words:
        raise Invalid(
            "clients.q", "A name is found by its words or by how they begin: q needs letters."
        )
    return words


def _names_sought(work: Work, q: str, words: list[frozenset[str]]) -> Row:
    def hashed(kind: str, word: str) -> bytes:
        return work.house.keyring.blind(work.practice_id, kind, word[:LONGEST_PREFIX])

    pairs = [(hashed(NAME, one), n) for n, word in enumerate(words) for one in word]
    earlier = {hashed(EARLIER_NAME, word) for word in name_words(q)}
    return {
        "names": [one for one, _ in pairs],
        "words": [number for _, number in pairs],
        "words_sought": len(words),
        "names_earlier": list(earlier),
        "how_many_earlier": len(earlier),
    }


def _has_long_word(words: list[frozenset[str]]) -> bool:
    """Return whether the index does not tell a word whole from one that only begins like it."""
    return any(len(one) > LONGEST_PREFIX for word in words for one in word)
