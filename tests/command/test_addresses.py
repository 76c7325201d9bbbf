"""Database addresses: for another role, and shown without their secrets."""

from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import make_url

from app.command.addresses import as_role, checked, place
from app.command.configuring import served_at
from app.command.saying import Complaint

ADDRESSES = st.sampled_from(
    [
        "postgresql://ana:geheim@host/praxis",
        "postgresql://ana:ge%40heim@host:5433/praxis?sslmode=require",
        "postgresql://ana@one:5432,two:5433/praxis",
        "postgresql://host/praxis?user=ana&password=geheim",
        "postgresql://ana:geheim@/praxis?host=/var/run/a%20folder&port=5432",
        "postgres://ana:geheim@[::1]:5432/praxis",
    ]
)


@given(ADDRESSES, st.text(min_size=1).filter(lambda text: text.isprintable()))
def test_another_role_goes_to_the_same_place(address: str, password: str) -> None:
    changed = as_role(address, "praxis_worker", password)
    assert place(changed) == place(address)
    assert unquote(urlsplit(changed).password or "") == password


@given(ADDRESSES)
def test_another_role_takes_no_secret_along(address: str) -> None:
    assert "geheim" not in as_role(address, "praxis_worker", "x")


@given(ADDRESSES)
def test_a_place_shows_no_secret(address: str) -> None:
    assert "geheim" not in place(address)
    assert "heim" not in place(address)


@given(ADDRESSES)
def test_an_address_is_taken_as_it_is(address: str) -> None:
    assert checked(f" {address}\n", "DATABASE_URL") == address


def test_a_socket_folder_is_kept() -> None:
    changed = as_role("postgresql://p:q@/praxis?host=/a%20b/c&port=5432", "r", "s")
    assert make_url(changed).query["host"] == "/a b/c"


@pytest.mark.parametrize("address", ["", "praxis", "http://host/praxis", "postgresql://h:port/p"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Complaint):
        checked(address, "DATABASE_URL")


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("praxis.example", "http://praxis.example:8000"),
    ],
)
def test_the_address_shown_is_one_a_browser_opens(host: str, url: str) -> None:
    assert served_at(host, 8000) == url
