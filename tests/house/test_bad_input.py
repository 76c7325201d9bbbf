"""Bad input gets a clear answer, and loses nothing."""

import asyncio
from typing import Any

import httpx
import pytest

from app.access.grounds import CareAssignment
from app.core.clock import now
from app.core.statements import Query
from tests.cast import Cast
from tests.goals.test_goals import STATEMENT
from tests.homework.scenes import assign, slot, submission

JSON = {"Content-Type": "application/json"}


def goals(cast: Cast, client: str = "cleo") -> str:
    return f"/v1/clients/{cast.client_ids[client]}/goals"


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b'{"statement": ', JSON, (422, "wire.invalid")),
        (b'{"statement": "\xff"}', JSON, (422, "wire.invalid")),
        (b'{"statement": "\\ud800"}', JSON, (422, "wire.invalid")),
        (b'{"statement": NaN}', JSON, (422, "wire.invalid")),
        (b"[" * 33 + b"]" * 33, JSON, (422, "wire.too_deep")),
        (b'{"statement":' + b"[" * 100_000, JSON, (422, "wire.too_deep")),
        (b" " * (1024 * 1024 + 1), JSON, (413, "wire.too_large")),
        (b"statement=x", {"Content-Type": "application/x-www-form-urlencoded"},
         (415, "wire.media_type")),
        (b"{}", {}, (415, "wire.media_type")),
        (b"{}", JSON, (422, "wire.invalid")),
        (b"", JSON, (422, "wire.invalid")),
        (b"null", JSON, (422, "wire.invalid")),
        (b"[]", JSON, (422, "wire.invalid")),
        (b'{"statement": "a\\u0000b"}', JSON, (422, "wire.invalid")),
        (b'{"statement": "x", "grade": 1}', JSON, (422, "wire.invalid")),
    ],
)  # fmt: skip
async def test_a_bad_body_is_named(
    harbour: Cast, body: bytes, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    answer = await harbour.thea.http.post(goals(harbour), content=body, headers=headers)
    assert code(answer) == expected


async def test_a_body_that_hides_its_size_is_cut_off(harbour: Cast) -> None:
    async def endless() -> Any:
        for _ in range(40):
            yield b" " * 64 * 1024

    answer = await harbour.thea.http.post(goals(harbour), content=endless(), headers=JSON)
    assert code(answer) == (413, "wire.too_large")


async def test_the_value_is_never_repeated(harbour: Cast) -> None:
    body = {"statement": "x", "areas": ["my secret area"], "secret_key": "my secret value"}
    answer = await harbour.thea.http.post(goals(harbour), json=body)
    assert answer.status_code == 422
    assert "my secret" not in answer.text


async def test_unknown_parameters_are_refused(harbour: Cast) -> None:
    answer = await harbour.thea.http.get(goals(harbour) + "?colour=red")
    assert code(answer) == (400, "wire.unknown_parameter")


@pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "1e3", "99999999999999999999"])
async def test_a_limit_is_one_to_a_hundred(harbour: Cast, limit: str) -> None:
    answer = await harbour.thea.http.get(f"{goals(harbour)}?limit={limit}")
    assert answer.status_code == 422


@pytest.mark.parametrize("bad", ["x", "0", "00000000-0000-0000-0000-00000000000g", "%00", "🙂"])
async def test_an_id_is_an_id(harbour: Cast, bad: str) -> None:
    answer = await harbour.thea.http.get(f"/v1/goals/{bad}")
    assert answer.status_code == 422


async def test_a_cursor_goes_with_its_own_list_only(harbour: Cast) -> None:
    for _ in range(2):
        await harbour.thea.http.post(goals(harbour), json=STATEMENT)
    cursor = (await harbour.thea.http.get(goals(harbour) + "?limit=1")).json()["next"]
    altered = cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1]
    for url in (
        f"{goals(harbour)}?cursor={altered}",
        f"{goals(harbour)}?cursor=%F0%9F%99%82",
        f"{goals(harbour)}?status=active&cursor={cursor}",
        f"{goals(harbour, 'kit')}?cursor={cursor}",
    ):
        answer = await harbour.thea.http.get(url)
        assert code(answer) == (400, "paging.cursor"), url


async def test_one_of_fifty_parallel_changes_wins(harbour: Cast) -> None:
    made = (await harbour.thea.http.post(goals(harbour), json=STATEMENT)).json()
    url, seen = f"/v1/goals/{made['id']}", {"If-Match": '"v1"'}
    answers = await asyncio.gather(
        *(harbour.thea.http.patch(url, json={"areas": []}, headers=seen) for _ in range(50))
    )
    assert sorted(one.status_code for one in answers) == [200] + [412] * 49


async def test_fifty_parallel_posts_with_one_key_make_one_thing(harbour: Cast) -> None:
    header = {"Idempotency-Key": "the-same"}
    answers = await asyncio.gather(
        *(harbour.thea.http.post(goals(harbour), json=STATEMENT, headers=header) for _ in range(50))
    )
    assert {one.status_code for one in answers} <= {201, 409}
    listed = (await harbour.thea.http.get(goals(harbour))).json()["items"]
    assert len(listed) == 1
    assert {one.json()["id"] for one in answers if one.status_code == 201} == {listed[0]["id"]}


async def test_an_idempotency_key_with_another_body_is_refused(harbour: Cast) -> None:
    header = {"Idempotency-Key": '"quoted"'}
    await harbour.thea.http.post(goals(harbour), json=STATEMENT, headers=header)
    other = {"statement": "Something else"}
    answer = await harbour.thea.http.post(goals(harbour), json=other, headers=header)
    assert code(answer) == (422, "idempotency.other_request")


async def test_another_caller_may_use_the_same_key(harbour: Cast) -> None:
    header = {"Idempotency-Key": "mine"}
    first = await harbour.thea.http.post(goals(harbour), json=STATEMENT, headers=header)
    other = await harbour.theo.http.post(goals(harbour, "carl"), json=STATEMENT, headers=header)
    assert (first.status_code, other.status_code) == (201, 201)


async def test_a_replay_shows_nothing_to_who_may_not_see_it_any_more(harbour: Cast) -> None:
    header = {"Idempotency-Key": "kept"}
    await harbour.thea.http.post(goals(harbour), json=STATEMENT, headers=header)
    work, transaction = harbour.job()
    async with transaction:
        rows = await work.rows(Query(CareAssignment.__table__.select()))
        for row in rows:
            if row["user_id"] == harbour.thea.user_id:
                await work.alter(CareAssignment, row["id"], ends_at=now())
    answer = await harbour.thea.http.post(goals(harbour), json=STATEMENT, headers=header)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "words",
    ["Zoë Ωmega", "عربي يمين", "שלום", "👩‍👩‍👧‍👦 🙂", "e\u0301",
     "\u202eright to left", "a\tb\nc", "'; drop table goals; --"],
)  # fmt: skip
async def test_every_kind_of_text_comes_back_as_it_was(harbour: Cast, words: str) -> None:
    made = await harbour.thea.http.post(goals(harbour), json={"statement": words})
    read = await harbour.thea.http.get(f"/v1/goals/{made.json()['id']}")
    assert read.json()["statement"] == words


@pytest.mark.parametrize(
    "at",
    ["1899-12-31T23:59:59Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00",
     "2026-11-02T09:00:00", "2026-02-30T09:00:00Z", 0, 1e300],
)  # fmt: skip
async def test_dates_far_away_are_named_and_not_a_fault(harbour: Cast, at: object) -> None:
    await assign(harbour)
    where = (await slot(harbour.cleo))["id"]
    answer = await harbour.cleo.http.post(
        f"/v1/me/occurrences/{where}/submissions", json=submission(occurred_at=at)
    )
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/occurred_at"


async def test_a_caller_who_goes_away_leaks_no_connection(harbour: Cast) -> None:
    app, pool = harbour.clients.app, harbour.house.pool
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "path": goals(harbour), "raw_path": goals(harbour).encode(), "query_string": b"",
        "root_path": "", "scheme": "http", "server": ("praxis.test", 80), "client": ("::1", 1),
        "headers": [(b"host", b"praxis.test"), (b"content-type", b"application/json"),
                    (b"authorization", f"Bearer {harbour.thea.token}".encode())],
    }  # fmt: skip
    parts = [
        {"type": "http.request", "body": b'{"statement": "', "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Any:
        return parts.pop(0) if len(parts) > 1 else parts[0]

    async def send(_: Any) -> None:
        return

    for _ in range(50):
        parts.insert(0, {"type": "http.request", "body": b"{", "more_body": True})
        await app(dict(scope), receive, send)
    assert pool.get_size() - pool.get_idle_size() == 0
