"""A client is found however the name is spelled, in every script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clients import finding
from app.clients.name_search import index_keys, is_named, sought
from app.jobs.delivering import do_chore
from app.operation.house import House
from app.vault.sealing import name_words
from tests.cast import Cast
from tests.clients.making import found, take_in
from tests.jobs.conftest import Admin, admin, worker, worker_dsn

__all__ = ["admin", "worker", "worker_dsn"]


def finds(typed: str, name: str) -> bool:
    """Whether the index finds the name, as the database asks it: every word by any spelling."""
    keys, words = index_keys(name), sought(typed)
    return bool(words) and all(any(one[:8] in keys for one in word) for word in words)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Mueller", "Müller"), ("Müller", "Mueller"), ("Muller", "Müller"), ("mü", "Mueller"),
        ("Jørgen", "Joergen"), ("Joergen", "Jørgen"), ("Jorgen", "Jørgen"),
        ("Aase", "Åse"), ("Ase", "Åse"), ("mu\u0308ller", "Mueller"),
        ("李", "李小龍"), ("小龍", "李小龍"), ("龍", "李小龍"), ("민", "김민준"), ("김", "김민준"),
        ("た", "タナカ"), ("タナカ", "たなか"), ("ﾀﾅｶ", "たなか"),
        ("احمد", "أحمد"), ("أحمد", "احمد"), ("فاطمه", "فاطمة"), ("علی", "علي"), ("محمـــد", "محمد"),
        ("مصطفي", "مصطفى"), ("ٱلسيد", "السيد"),
    ],
)  # fmt: skip
def test_spelling_finds_the_other_spelling(typed: str, name: str) -> None:
    assert finds(typed, name)
    assert is_named(name, sought(typed))


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Joe", "John"), ("c", "Cleo"), ("Muller", "Miller"), ("小李", "李小龍"), ("كتب", "علي")],
)
def test_another_name_is_not_found(typed: str, name: str) -> None:
    assert not finds(typed, name)


def test_word_is_found_by_its_first_two_to_eight_letters_and_whole() -> None:
    assert sorted(map(len, index_keys("Christopher"))) == [2, 3, 4, 5, 6, 7, 8, 11]


@given(st.text(max_size=40))
def test_every_name_finds_itself(name: str) -> None:
    assert finds(name, name) or not name_words(name)
    assert is_named(name, sought(name))


async def index_as_before(cast: Cast, admin: Admin, client_id: str, name: str) -> None:
    """Leave the client only what an earlier release found names by."""
    words = name_words(name)
    keys = {word[:n] for word in words for n in range(2, 9)} | set(words)
    blind = cast.house.keyring.blind
    await admin.execute("delete from client_lookups where client_id = $1", client_id)
    await admin.executemany(
        "insert into client_lookups (practice_id, kind, hash, client_id) values ($1, $2, $3, $4)",
        [(cast.practice_id, finding.EARLIER_NAME,
          blind(cast.practice_id, finding.EARLIER_NAME, key), client_id) for key in keys],
    )  # fmt: skip


async def test_names_indexed_by_an_earlier_release_are_found_and_indexed_anew(
    harbour: Cast, admin: Admin, worker: House
) -> None:
    name = "Jürgen Weiß"
    made = (await take_in(harbour.thea, legal_name=name)).json()
    await index_as_before(harbour, admin, made["id"], name)
    assert await found(harbour.thea, q="jurgen weiss") == [name]
    assert await found(harbour.thea, q="juergen") == []
    await do_chore(worker, "reindex_client_names")
    assert await found(harbour.thea, q="juergen weiß") == [name]
    kinds = "select distinct kind from client_lookups where client_id = $1"
    assert {row["kind"] for row in await admin.fetch(kinds, made["id"])} == {finding.NAME}
