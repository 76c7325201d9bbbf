"""What other systems call a client can be replaced."""

import httpx
from sqlalchemy import select

from app.clients.references import MOST_UNKNOWN
from app.core.ids import SYSTEM
from app.core.statements import Query, p
from app.operation.record import AuditEvent
from app.operation.work import Work
from tests.cast import Cast
from tests.clients.making import NORA, found, take_in

_KEPT = Query(
    select(AuditEvent.operation).where(
        AuditEvent.practice_id == p("practice_id"),
        AuditEvent.user_id == p("me"),
        AuditEvent.outcome == "ref_taken",
    )
)

OLD, NEW = {"system": "billing", "value": "N-17"}, {"system": "diary", "value": "4"}


async def refer(cast: Cast, url: str, *refs: dict[str, str]) -> httpx.Response:
    version = (await cast.thea.http.get(url)).headers["etag"]
    body = {"external_refs": list(refs)}
    return await cast.thea.http.patch(url, json=body, headers={"If-Match": version})


async def nora(cast: Cast) -> str:
    return str((await take_in(cast.thea, **NORA)).headers["location"])


async def test_a_reference_is_added_beside_what_is_there(harbour: Cast) -> None:
    changed = await refer(harbour, await nora(harbour), NEW, OLD)
    assert changed.status_code == 200, changed.text
    assert changed.json()["external_refs"] == [OLD, NEW]


async def test_what_is_left_out_is_forgotten_and_free(harbour: Cast) -> None:
    await refer(harbour, await nora(harbour), NEW)
    assert await found(harbour.thea, external_ref="diary:4") == [NORA["legal_name"]]
    assert await found(harbour.thea, external_ref="billing:N-17") == []
    assert (await take_in(harbour.thea, external_refs=[OLD])).status_code == 201


async def test_all_can_go(harbour: Cast) -> None:
    assert (await refer(harbour, await nora(harbour))).json()["external_refs"] == []


async def test_a_reference_that_names_another_changes_nothing(harbour: Cast) -> None:
    await take_in(harbour.thea, external_refs=[NEW])
    url = await nora(harbour)
    answer = await refer(harbour, url, OLD, NEW)
    assert (answer.status_code, answer.json()["code"]) == (409, "clients.ref_taken")
    assert answer.json()["errors"][0]["pointer"] == "/external_refs/1"
    assert (await harbour.thea.http.get(url)).json()["external_refs"] == [OLD]


async def test_reference_of_a_client_one_may_not_know_is_the_desks_to_resolve(
    harbour: Cast,
) -> None:
    await take_in(harbour.theo, external_refs=[OLD])
    by_a_colleague = await take_in(harbour.thea, external_refs=[OLD])
    at_the_desk = await take_in(
        harbour.abe, external_refs=[OLD], primary_therapist_id=harbour.thea.user_id
    )
    code, detail = (by_a_colleague.json()[name] for name in ("code", "detail"))
    assert (by_a_colleague.status_code, code) == (409, "clients.ref_of_the_desk")
    assert "another client" not in by_a_colleague.text
    assert "front desk" in detail
    assert at_the_desk.json()["code"] == "clients.ref_taken"
    assert await found(harbour.thea) == ["Kit Legalname", "Cleo Legalname"]


async def test_references_that_are_guessed_are_counted_and_audited(harbour: Cast) -> None:
    refs = [{"system": "billing", "value": str(n)} for n in range(20)]
    await take_in(harbour.theo, external_refs=refs)
    url = await nora(harbour)
    tried = [
        await refer(harbour, url, OLD, ref)
        if n % 2
        else await take_in(harbour.thea, external_refs=[ref])
        for n, ref in enumerate(refs[: MOST_UNKNOWN + 1])
    ]
    assert [one.status_code for one in tried] == [409] * MOST_UNKNOWN + [429]
    free = await take_in(harbour.thea, external_refs=[{"system": "billing", "value": "free"}])
    without = await take_in(harbour.thea)
    others = await take_in(harbour.sam, external_refs=refs[:1])
    assert [one.status_code for one in (free, without, others)] == [429, 201, 409]
    work = Work(harbour.house, operation="test", request_id=SYSTEM)
    async with work.visit(
        capacity="staff", practice_id=harbour.practice_id, user_id=harbour.thea.user_id
    ):
        kept = await work.rows(_KEPT)
    assert len(kept) == MOST_UNKNOWN
    assert {row["operation"] for row in kept} == {"create_client", "update_client"}
