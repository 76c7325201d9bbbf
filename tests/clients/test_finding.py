"""Clients are found by name, date, reference, therapist; in order; page by page."""

import asyncio

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app.access.grounds import ClientLogin
from app.clients import finding
from app.core.ids import SYSTEM
from app.core.statements import Query, p
from app.operation.record import AuditEvent
from app.operation.work import Work
from tests.cast import Cast
from tests.clients.making import NORA, bar, found, take_in

LOGGED = Query(
    select(AuditEvent.client_id.label("client")).where(
        AuditEvent.practice_id == p("practice_id"), AuditEvent.operation == "list_clients"
    )
)
FULL = "Nora Ebenezer-Łukasik"


@pytest.mark.parametrize(
    "q", ["nora", "NO", "nono", "lukasik", "Łuk", "nora luk", "eben no", "ebenezer", "Ebene zer"]
)
async def test_each_word_may_begin_a_word_of_the_names(harbour: Cast, q: str) -> None:
    await take_in(harbour.thea, **NORA)
    assert await found(harbour.thea, q=q) == ([FULL] if q != "Ebene zer" else [])


async def test_every_word_must_fit(harbour: Cast) -> None:
    await take_in(harbour.thea, **NORA)
    assert await found(harbour.thea, q="nora schmidt") == []


@pytest.mark.parametrize(
    ("name", "q"),
    [
        ("李小龍", "李小龍"),
        ("Ngũgĩ wa Thiong'o", "thiongo"),
        ("محمد الفاسي", "محمد"),
        ("Зоя Ёлкина", "елк"),
        ("Jürgen 🌊 Groß", "gross"),
        ("\u202eabc\u202c Ιωάννης", "ιωαννης"),
        ("Dvořák\u0301", "dvorak"),
    ],
)
async def test_names_of_every_script_are_kept_and_found(harbour: Cast, name: str, q: str) -> None:
    made = await take_in(harbour.thea, legal_name=name)
    assert made.json()["legal_name"] == name
    assert await found(harbour.thea, q=q) == [name]


async def test_a_long_word_is_compared_to_its_end(harbour: Cast) -> None:
    for name in ("Christophe Un", "Christopher Two"):
        await take_in(harbour.thea, legal_name=name)
    assert await found(harbour.thea, q="christophe") == ["Christopher Two", "Christophe Un"]
    assert await found(harbour.thea, q="christopher") == ["Christopher Two"]
    assert await found(harbour.thea, q="christophxx") == []


@pytest.mark.parametrize("q", ["", "!!", "🌊"])
async def test_q_without_letters_is_refused(harbour: Cast, q: str) -> None:
    answer = await harbour.thea.http.get("/v1/clients", params={"q": q})
    assert (answer.status_code, answer.json()["code"]) == (422, "clients.q")


async def test_filters_narrow_together(harbour: Cast) -> None:
    await take_in(harbour.thea, **NORA)
    await take_in(harbour.thea, legal_name="Nora Other")
    narrowed = {"q": "nora", "birth_date": "1991-02-28", "status": "active"}
    assert await found(harbour.thea, **narrowed) == [FULL]
    assert await found(harbour.thea, **narrowed | {"status": "discharged"}) == []


async def test_a_reference_finds_its_client(harbour: Cast) -> None:
    await take_in(harbour.thea, external_refs=[{"system": "ehr", "value": "a:b 1"}])
    assert await found(harbour.abe, external_ref="ehr:a:b 1") == ["Nora Example"]
    assert await found(harbour.abe, external_ref="billing:a:b 1") == []


async def test_the_desk_lists_whom_a_therapist_treats(harbour: Cast) -> None:
    names = await found(harbour.abe, therapist=harbour.theo.user_id)
    assert names == ["Carl Legalname"]


async def test_changes_since_an_instant(harbour: Cast) -> None:
    made = (await take_in(harbour.thea, **NORA)).json()
    since = made["changed_at"]
    assert await found(harbour.thea, changed_after=since) == []
    await harbour.thea.http.patch(
        f"/v1/clients/{made['id']}", json={"pronouns": None}, headers={"If-Match": '"v1"'}
    )
    assert await found(harbour.thea, changed_after=since) == [FULL]


@pytest.mark.parametrize(
    "query",
    [
        "changed_after=2026-01-01T00:00:00",
        "changed_after=9999-12-31T23:59:59-12:00",
        "changed_after=0001-01-01T00:00:00%2B12:00",
        "external_ref=billing",
        "external_ref=:1",
        "status=asleep",
        "sort=age",
        "birth_date=1991-02-30",
        "birth_date=0",
        "therapist=thea",
        "q=" + "a" * 201,
        "limit=101",
        "limit=0",
    ],
)
async def test_a_filter_that_cannot_be_is_refused(harbour: Cast, query: str) -> None:
    assert (await harbour.thea.http.get(f"/v1/clients?{query}")).status_code == 422


async def test_far_dates_find_nobody(harbour: Cast) -> None:
    assert await found(harbour.thea, birth_date="0001-01-01") == []
    assert await found(harbour.thea, changed_after="9999-12-31T23:59:59Z") == []


async def test_an_unknown_filter_is_refused(harbour: Cast) -> None:
    answer = await harbour.thea.http.get("/v1/clients?name=nora")
    assert (answer.status_code, answer.json()["code"]) == (400, "wire.unknown_parameter")


async def test_everyone_sees_whom_they_know(harbour: Cast) -> None:
    seen = {name: set(await found(harbour.people[name])) for name in ("ana", "thea", "theo", "sam")}
    hers, his = {"Cleo Legalname", "Kit Legalname"}, {"Carl Legalname"}
    assert seen == {"ana": hers | his, "thea": hers, "theo": his, "sam": hers}


async def test_next_door_is_never_listed(harbour: Cast, lakeside: Cast) -> None:
    await take_in(lakeside.thea, **NORA)
    assert await found(harbour.ana, q="nora") == []


async def test_nobody_finds_themselves_or_whom_they_are_barred_from(harbour: Cast) -> None:
    await bar(harbour, harbour.ana, "carl")
    made = (await take_in(harbour.theo, **NORA)).json()
    await harbour.write(ClientLogin, client_id=made["id"], user_id=harbour.ana.user_id)
    for filters in ({}, {"q": "nora"}, {"sort": "name"}, {"external_ref": "billing:N-17"}):
        assert set(await found(harbour.ana, **filters)) <= {"Cleo Legalname", "Kit Legalname"}


async def test_pages_stay_whole_while_clients_come(harbour: Cast) -> None:
    names = [f"Person {n}" for n in range(5)]
    for name in names:
        await take_in(harbour.sam, legal_name=name)
    listed, url = [], "/v1/clients?limit=2&q=person"
    while url:
        answer = await harbour.sam.http.get(url)
        listed += [one["legal_name"] for one in answer.json()["items"]]
        url = answer.links["next"]["url"] if "next" in answer.links else ""
        await take_in(harbour.sam, legal_name="Person new")
    assert listed == names[::-1]


async def test_pages_by_name(harbour: Cast) -> None:
    for name in ("Özil", "oz", "Zed", "émile", "Adam"):
        await take_in(harbour.sam, legal_name=name, preferred_name="same")
    listed, url = [], "/v1/clients?limit=2&sort=name&q=same"
    while url:
        answer = await harbour.sam.http.get(url)
        listed += [one["legal_name"] for one in answer.json()["items"]]
        url = answer.links["next"]["url"] if "next" in answer.links else ""
    assert listed == ["Adam", "émile", "oz", "Özil", "Zed"]


async def test_a_cursor_of_another_list_is_refused(harbour: Cast) -> None:
    cursor = (await harbour.ana.http.get("/v1/clients?limit=1")).json()["next"]
    answer = await harbour.ana.http.get(f"/v1/clients?limit=1&sort=name&cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "paging.cursor")


async def test_too_many_to_put_in_order_is_said(
    harbour: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "LARGEST_OPENED", 1)
    answer = await harbour.thea.http.get("/v1/clients?sort=name")
    assert (answer.status_code, answer.json()["code"]) == (422, "clients.too_many_to_sort")


async def test_a_page_costs_one_statement_and_any_page_at_most_three(
    harbour: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []
    spoken = Work.rows

    async def counting(self: Work, *given: object, **values: object) -> object:
        counted.append(1)
        return await spoken(self, *given, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(Work, "rows", counting)
    await found(harbour.thea)
    assert len(counted) == 1
    await found(harbour.thea, sort="name", q="cleo")
    assert len(counted) == 3


async def test_only_those_shown_are_in_the_log(harbour: Cast) -> None:
    answer = await harbour.thea.http.get("/v1/clients?sort=name&limit=1")
    shown = [one["id"] for one in answer.json()["items"]]
    work = Work(harbour.house, operation="test", request_id=SYSTEM)
    async with work.visit(capacity="staff", practice_id=harbour.practice_id):
        seen = [row["client"] for row in await work.rows(LOGGED)]
    assert seen == shown
    assert len(shown) == 1


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(q=st.text(max_size=40))
async def test_no_words_break_the_search(harbour: Cast, q: str) -> None:
    answer = await harbour.thea.http.get("/v1/clients", params={"q": q})
    assert answer.status_code in (200, 400, 422)


async def test_a_name_changed_in_parallel_leaves_one_set_of_words(harbour: Cast) -> None:
    made = (await take_in(harbour.thea, **NORA)).json()
    url, tag = f"/v1/clients/{made['id']}", {"If-Match": '"v1"'}
    answers = await asyncio.gather(
        *(harbour.thea.http.patch(url, json={"legal_name": f"New {n}"}, headers=tag)
          for n in ("Anna", "Berta"))
    )  # fmt: skip
    assert sorted(one.status_code for one in answers) == [200, 412]
    kept = (await harbour.thea.http.get(url)).json()["legal_name"]
    lost = "berta" if kept == "New Anna" else "anna"
    assert await found(harbour.thea, q=lost) == []
