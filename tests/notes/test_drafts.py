"""Notes while they are drafts: begun, changed, and their author's alone."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.grounds import CareAssignment
from app.core.ids import new_id
from tests.cast import Cast
from tests.notes.writing import SOAP, change, draft, signed

NARRATIVE = {"format": "narrative", "body": {"sections": {"text": "We met."}}}


async def test_a_therapist_begins_a_draft(harbour: Cast) -> None:
    made = await draft(harbour)
    note = made.json()
    assert (made.status_code, made.headers["location"]) == (201, f"/v1/notes/{note['id']}")
    assert (note["status"], note["revision"], note["signatures"]) == ("draft", 1, [])
    assert note["body"]["sections"] == SOAP["sections"]
    assert note["body"]["header"]["diagnosis_summary"] is None


async def test_a_draft_may_be_empty(harbour: Cast) -> None:
    note = (await draft(harbour, format="DAP", body={})).json()
    assert note["body"]["sections"] == {"data": None, "assessment": None, "plan": None}
    assert note["body"]["header"]["participants"] == []


async def test_a_note_is_filed_under_its_session(harbour: Cast) -> None:
    url = f"/v1/clients/{harbour.client_ids['cleo']}/sessions"
    said = {"starts_at": "2026-11-20T09:00:00+01:00", "setting": "video"}
    session = (await harbour.thea.http.post(url, json=said)).json()
    note = (await draft(harbour, session_id=session["id"])).json()
    assert (note["session_id"], note["episode_id"]) == (session["id"], session["episode_id"])
    assert (await change(harbour, note, session_id=None)).json()["session_id"] is None


async def test_another_clients_session_is_not_found(harbour: Cast) -> None:
    url = f"/v1/clients/{harbour.client_ids['kit']}/sessions"
    said = {"starts_at": "2026-11-20T09:00:00+01:00", "setting": "video"}
    session = (await harbour.thea.http.post(url, json=said)).json()
    made, note = await draft(harbour, session_id=session["id"]), (await draft(harbour)).json()
    moved = await change(harbour, note, session_id=session["id"])
    assert (made.status_code, moved.status_code) == (404, 404)


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("theo", 404, "access.not_found"),
        ("sam", 403, "access.not_on_care_team"),
        ("ana", 403, "access.role"),
        ("abe", 403, "access.role"),
        ("cleo", 403, "access.role"),
        ("greta", 403, "access.role"),
    ],
)
async def test_nobody_else_begins_one(harbour: Cast, who: str, status: int, code: str) -> None:
    answer = await draft(harbour, who)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("who", "status"),
    [("theo", 404), ("sam", 404), ("ana", 403), ("abe", 403), ("cleo", 403)],
)
async def test_a_draft_is_its_authors_alone(harbour: Cast, who: str, status: int) -> None:
    note = (await draft(harbour)).json()
    answer = await harbour.people[who].http.get(f"/v1/notes/{note['id']}")
    assert answer.status_code == status
    assert (await change(harbour, note, who, kind="intake")).status_code == status


async def test_a_colleague_on_the_care_team_does_not_see_a_draft(harbour: Cast) -> None:
    await harbour.write(
        CareAssignment,
        id=new_id(),
        client_id=harbour.client_ids["cleo"],
        episode_id=harbour.episode_ids["cleo"],
        user_id=harbour.theo.user_id,
        part="co",
    )
    note = (await draft(harbour)).json()
    assert (await harbour.theo.http.get(f"/v1/notes/{note['id']}")).status_code == 404
    url = f"/v1/clients/{harbour.client_ids['cleo']}/notes"
    assert (await harbour.theo.http.get(url)).json()["items"] == []


async def test_the_practice_next_door_finds_nothing(harbour: Cast, lakeside: Cast) -> None:
    note = await signed(harbour)
    for who in (lakeside.thea, lakeside.ana):
        assert (await who.http.get(f"/v1/notes/{note['id']}")).status_code == 404
        url = f"/v1/clients/{harbour.client_ids['cleo']}/notes"
        assert (await who.http.get(url)).status_code == 404
    assert (await change(lakeside, note, kind="intake")).status_code == 404


async def test_a_change_is_the_next_revision(harbour: Cast) -> None:
    note = (await draft(harbour)).json()
    said = {"header": {"risk_statement": None}, "sections": {"plan": "Two small refusals."}}
    changed = await change(harbour, note, body=said)
    shown = changed.json()
    assert (shown["revision"], changed.headers["etag"]) == (2, '"v2"')
    assert shown["body"]["sections"] == SOAP["sections"] | {"plan": "Two small refusals."}
    assert shown["body"]["header"]["risk_statement"] is None
    assert shown["body"]["header"]["participants"] == ["Cleo", "Thea"]


async def test_a_change_needs_the_version_that_was_seen(harbour: Cast) -> None:
    note = (await draft(harbour)).json()
    url = f"/v1/notes/{note['id']}"
    assert (await harbour.thea.http.patch(url, json={"kind": "intake"})).status_code == 428
    stale = await change(harbour, note | {"version": 7}, kind="intake")
    assert (stale.status_code, stale.headers["etag"]) == (412, '"v1"')


@pytest.mark.parametrize("section", ["data", "text"])
async def test_sections_are_those_of_the_format(harbour: Cast, section: str) -> None:
    body = {"sections": {section: "Somewhere else."}}
    made, note = await draft(harbour, body=body), (await draft(harbour)).json()
    changed = await change(harbour, note, body=body)
    for answer in (made, changed):
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == f"/body/sections/{section}"


@pytest.mark.parametrize(
    "said",
    [
        {"format": "BIRP"},
        {"kind": "gossip"},
        {"body": {"sections": {"plan": "a\x00b"}}},
        {"body": {"header": {"risk_statement": "a\x00b"}}},
        {"body": {"header": {"participants": ["a\x00b"]}}},
        {"body": {"header": {"participants": ["x"] * 21}}},
        {"body": {"sections": {"plan": "x" * 40_001}}},
        {"body": {"sections": {"plan": ""}}},
        {"body": {"header": {"start": "2026-11-20T10:00:00Z", "stop": "2026-11-20T09:00:00Z"}}},
        {"body": {"footer": {}}},
        {"status": "signed"},
    ],
)
async def test_what_cannot_be_is_refused_without_repeating_it(
    harbour: Cast, said: dict[str, Any]
) -> None:
    answer = await draft(harbour, **said)
    assert answer.status_code == 422
    assert "x" * 50 not in answer.text


ANYTHING = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")


@given(text=st.text(ANYTHING, min_size=1))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_any_text_comes_back_as_it_was_written(harbour: Cast, text: str) -> None:
    note = (await draft(harbour, format="narrative", body={"sections": {"text": text}})).json()
    read = await harbour.thea.http.get(f"/v1/notes/{note['id']}")
    assert read.json()["body"]["sections"]["text"] == text


@pytest.mark.parametrize(
    "text",
    [
        "שלום, שמעתי אותך",
        "\u202eright to left\u202c",
        "👩🏽‍⚕️🌊",
        "e\u0301\u200d\ufeff",
        "\U0001d56c\U0010ffff",
    ],
)
async def test_every_script_is_kept(harbour: Cast, text: str) -> None:
    note = (await draft(harbour, format="narrative", body={"sections": {"text": text}})).json()
    assert note["body"]["sections"]["text"] == text


async def test_lists_are_newest_first_and_without_bodies(harbour: Cast) -> None:
    made = [(await draft(harbour, kind=kind)).json() for kind in ("intake", "progress", "contact")]
    url = f"/v1/clients/{harbour.client_ids['cleo']}/notes?limit=2"
    first = (await harbour.thea.http.get(url)).json()
    second = (await harbour.thea.http.get(f"{url}&cursor={first['next']}")).json()
    items = first["items"] + second["items"]
    assert [one["id"] for one in items] == [note["id"] for note in made[::-1]]
    assert not any("body" in one for one in items)


async def test_lists_are_narrowed(harbour: Cast) -> None:
    await draft(harbour)
    note = await signed(harbour, kind="intake")
    url = f"/v1/clients/{harbour.client_ids['cleo']}/notes"
    for wanted in ({"status": "signed"}, {"kind": "intake"}):
        items = (await harbour.thea.http.get(url, params=wanted)).json()["items"]
        assert [one["id"] for one in items] == [note["id"]]


@pytest.mark.parametrize(
    ("who", "status"), [("theo", 404), ("ana", 403), ("abe", 403), ("cleo", 403)]
)
async def test_lists_are_the_care_teams(harbour: Cast, who: str, status: int) -> None:
    url = f"/v1/clients/{harbour.client_ids['cleo']}/notes"
    assert (await harbour.people[who].http.get(url)).status_code == status


async def test_an_idempotency_key_begins_one_note(harbour: Cast) -> None:
    url = f"/v1/clients/{harbour.client_ids['cleo']}/notes"
    header = {"Idempotency-Key": "one"}
    first = await harbour.thea.http.post(url, json=NARRATIVE, headers=header)
    again = await harbour.thea.http.post(url, json=NARRATIVE, headers=header)
    assert first.json() == again.json()
    assert again.headers["idempotent-replayed"] == "true"
