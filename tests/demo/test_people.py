"""Not a perfect world: each of its people is there, and is met at the door they would be met at."""

from typing import Any

import httpx
import pytest

from app.core import clock
from app.notes.bodies import verify_digest
from tests.demo.conftest import Admin, Demo, Door


async def items(http: httpx.AsyncClient, path: str) -> list[Any]:
    answer = await http.get(path)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def client_of(http: httpx.AsyncClient, name: str) -> str:
    (found,) = await items(http, f"/v1/clients?q={name}")
    return str(found["id"])


async def submissions(door: Door, therapist: str, client: str) -> list[Any]:
    """What that client sent, whole, as that therapist reads it; the newest first."""
    http = await door(therapist)
    listed = await items(http, f"/v1/clients/{await client_of(http, client)}/submissions")
    return [(await http.get(f"/v1/submissions/{one['id']}")).json() for one in listed]


@pytest.mark.parametrize(
    ("therapist", "practice", "client", "reason"),
    [
        ("thea@harbour.example", "Harbour", "Minh", "not_ready"),
        ("theo@harbour.example", "Harbour", "Priya", "too_much"),
        ("lena@lakeside.example", "Lakeside", "Nkechi", "not_for_me"),
    ],
)
async def test_a_proposal_is_declined_with_words(
    door: Door, therapist: str, practice: str, client: str, reason: str
) -> None:
    http = await door(therapist, practice)
    path = f"/v1/clients/{await client_of(http, client)}/assignments?status=declined"
    (declined,) = await items(http, path)
    assert declined["decline_reason"] == reason
    assert len(declined["decline_words"]) > 20


async def test_something_is_done_in_part_with_words(door: Door) -> None:
    sent = await submissions(door, "thea@harbour.example", "Cleo")
    (partial, *_) = [one for one in sent if one["outcome"] == "partial"]
    assert any(isinstance(said, str) and len(said) > 30 for said in partial["answers"].values())


async def test_something_was_not_to_be_done_yet(door: Door) -> None:
    sent = await submissions(door, "theo@harbour.example", "Carl")
    (not_ready, *_) = [one for one in sent if one["outcome"] == "not_ready"]
    assert not_ready["answers"] == {}


async def test_somebody_did_not_feel_safe_and_heads_the_list(door: Door) -> None:
    http = await door("thea@harbour.example")
    first, second, *_ = await items(http, "/v1/submissions")
    assert (first["needs_attention"], first["is_reviewed"]) == (True, False)
    whole = (await http.get(f"/v1/submissions/{first['id']}")).json()
    assert "unsafe" in whole["obstacles"]
    assert second["is_reviewed"] or not second["needs_attention"]


async def test_an_earlier_worry_was_read_and_answered(door: Door) -> None:
    sent = await submissions(door, "thea@harbour.example", "Cleo")
    (worse,) = [one for one in sent if "felt_worse" in one["obstacles"]]
    assert (worse["needs_attention"], worse["is_reviewed"]) == (True, True)


async def test_some_answers_are_not_for_the_therapist(door: Door) -> None:
    sent = await submissions(door, "thea@harbour.example", "Cleo")
    (kept,) = [one for one in sent if one["answers_visible"] == "summary_only"]
    assert kept["answers"] is None


async def test_a_page_was_added_to_after_it_was_read(door: Door) -> None:
    sent = await submissions(door, "thea@harbour.example", "Oluwaseun")
    (edited,) = [one for one in sent if one["changed_since_review"]]
    assert edited["number"] == 2


async def test_something_was_sent_long_after_it_was_done(demo: Demo, admin: Admin) -> None:
    late = await admin.fetchval(
        "select count(*) from submission_versions v join submissions s on s.id = v.submission_id"
        " join occurrences o on o.id = s.occurrence_id"
        " where v.received_at > o.closes_at and v.in_window"
    )
    assert late >= 1


async def test_a_minor_has_a_guardian_who_is_not_told_everything(door: Door) -> None:
    greta = await door("greta@example.org")
    (ward,) = await items(greta, "/v1/me/acting-for")
    profile = await greta.get("/v1/me/profile", headers={"Acting-For": ward["client_id"]})
    kit = (await (await door("kit@example.org")).get("/v1/me/profile")).json()
    assert clock.now().year - int(kit["birth_date"][:4]) <= 16
    assert (kit["preferred_name"], profile.json()["preferred_name"]) == ("Kit", None)


async def test_theo_is_seen_by_his_therapist_and_not_by_himself(door: Door) -> None:
    lena = await door("lena@lakeside.example", "Lakeside")
    theo = await client_of(lena, "Theodor")
    as_staff = await door("theo@harbour.example")
    assert (await as_staff.get(f"/v1/clients/{theo}")).status_code == 404
    as_client = await door("theo@harbour.example", "Lakeside")
    assert len(await items(as_client, "/v1/me/sessions")) > 5


async def test_nora_has_left(demo: Demo, door: Door) -> None:
    staff = await items(await door("ana@harbour.example"), "/v1/members?limit=50")
    (nora,) = [one for one in staff if one.get("name") == "Nora Castellane"]
    assert nora["status"] == "suspended"
    gone = demo.sign_ins[0]._replace(email="nora@harbour.example")
    assert (await door.sign_in(gone)).status_code in (401, 403)


@pytest.mark.parametrize(("client", "now_with"), [("Inês", "Theodor"), ("Дмитрий", "Nora")])
async def test_clients_of_hers_are_handed_on_or_wait(
    door: Door, client: str, now_with: str
) -> None:
    ana = await door("ana@harbour.example")
    shown = (await ana.get(f"/v1/clients/{await client_of(ana, client)}")).json()
    ((carer,),) = [one["therapists"] for one in shown["episodes"]]
    staff = {one["id"]: one for one in await items(ana, "/v1/members?limit=50")}
    assert staff[carer["user_id"]]["name"].startswith(now_with)


async def test_who_takes_over_reads_what_was_and_goes_on(door: Door) -> None:
    theo = await door("theo@harbour.example")
    notes = await items(theo, f"/v1/clients/{await client_of(theo, 'Inês')}/notes?limit=50")
    assert len({one["author_id"] for one in notes}) == 2


async def test_sessions_are_called_off_or_nobody_comes(demo: Demo, admin: Admin) -> None:
    found = await admin.fetch("select attendance, count(*) as many from sessions group by 1")
    assert {"cancelled_by_client", "cancelled_by_therapist", "no_show", "late"} < {
        row["attendance"] for row in found if row["many"] > 4
    }


async def test_one_client_never_signed_in(door: Door, admin: Admin) -> None:
    thea = await door("thea@harbour.example")
    bronwen = await client_of(thea, "Bronwen")
    logins, over = await admin.fetchrow(
        "select (select count(*) from client_logins where client_id = $1), count(*)"
        " from invitations where client_id = $1 and used_at is null and expires_at < now()",
        bronwen,
    )
    assert (logins, over) == (0, 1)
    assert len(await items(thea, f"/v1/clients/{bronwen}/notes")) > 3


async def test_one_member_was_asked_and_has_not_come(door: Door) -> None:
    staff = await items(await door("ana@harbour.example"), "/v1/members?limit=50")
    (asked,) = [one for one in staff if one["kind"] == "invitation"]
    assert asked["expires_at"] > clock.now().isoformat()


@pytest.mark.parametrize(
    ("email", "practice"), [("cleo@example.org", "Harbour"), ("lina@example.org", "Lakeside")]
)
async def test_something_is_open_today_and_something_proposed(
    door: Door, email: str, practice: str
) -> None:
    http = await door(email, practice)
    today = (await http.get("/v1/me/today?zone=Europe/London")).json()
    assert (len(today["open"]), len(today["proposed"])) >= (1, 1)
    assert today["help"]["resources"]


async def test_a_note_is_held_and_some_are_drafts(door: Door, admin: Admin) -> None:
    thea = await door("thea@harbour.example")
    notes = await items(thea, f"/v1/clients/{await client_of(thea, 'Oluwaseun')}/notes")
    assert notes[0]["released_at"] > clock.now().isoformat()
    assert await admin.fetchval("select count(*) from notes where status = 'draft'") > 3


async def test_goals_end_in_more_ways_than_one(admin: Admin) -> None:
    found = await admin.fetch("select distinct status from goals")
    assert {row["status"] for row in found} >= {"active", "achieved", "let_go", "on_hold"}


async def test_released_notes_say_who_signed_them(door: Door) -> None:
    cleo = await door("cleo@example.org")
    released = await items(cleo, "/v1/me/notes")
    assert len(released) > 5
    shown = (await cleo.get(f"/v1/me/notes/{released[0]['id']}")).json()
    assert [one["name"] for one in shown["signatures"]] == ["Thea Lindqvist"]


async def test_signed_notes_are_what_was_signed(door: Door) -> None:
    thea = await door("thea@harbour.example")
    cleo = await client_of(thea, "Cleo")
    notes = await items(thea, f"/v1/clients/{cleo}/notes?status=signed")
    for one in notes:
        assert verify_digest((await thea.get(f"/v1/notes/{one['id']}")).json())
