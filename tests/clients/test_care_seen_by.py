"""Who can see this, now: what clients and guardians are told of who reads what is theirs."""

from datetime import date, timedelta
from typing import Any

from app.access.grounds import BreakGlass, Guardian, Membership, Supervision
from app.core.clock import now
from app.core.ids import new_id
from tests.cast import Cast, Person
from tests.clients.caring import add, end, hence
from tests.clients.making import bar

URL = "/v1/me/care-team"
EVERYTHING = ["contact", "goals", "homework", "notes"]


async def seen_by(person: Person) -> dict[str, Any]:
    answer = await person.http.get(URL)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def parts(person: Person) -> list[tuple[str | None, list[str]]]:
    """Name and parts of everyone on the staff who reads what is this client's."""
    return [(one["name"], one["parts"]) for one in (await seen_by(person))["staff"]]


async def test_a_client_is_told_who_reads_and_what(harbour: Cast) -> None:
    assert (await seen_by(harbour.cleo))["staff"] == [
        {"name": "Thea of the test", "parts": ["primary"], "reads": EVERYTHING, "until": None},
        {"name": "Sam of the test", "parts": ["supervisor"], "reads": EVERYTHING, "until": None},
        {"name": "Ana of the test", "parts": ["owner"], "reads": ["contact"], "until": None},
        {"name": "Abe of the test", "parts": ["assistant"], "reads": ["contact"], "until": None},
    ]


async def test_nobody_is_called_by_an_id(harbour: Cast) -> None:
    text = (await harbour.kit.http.get(URL)).text
    assert [one.name for one in harbour.people.values() if one.user_id in text] == []


async def test_whoever_covers_is_shown_from_the_next_request_until_the_end(harbour: Cast) -> None:
    await add(harbour, "theo", "covering", ends_at=hence(7))
    (theo,) = [one for one in (await seen_by(harbour.cleo))["staff"] if "Theo" in one["name"]]
    assert (theo["parts"], theo["until"] is None) == (["covering"], False)
    await end(harbour, "theo")
    assert "Theo of the test" not in [name for name, _ in await parts(harbour.cleo)]


async def test_who_is_several_things_is_one_line(harbour: Cast) -> None:
    await add(harbour, "sam", "covering", ends_at=hence(7))
    (sam,) = [one for one in (await seen_by(harbour.cleo))["staff"] if "Sam" in one["name"]]
    assert (sam["parts"], sam["until"]) == (["covering", "supervisor"], None)


async def test_care_that_is_ahead_is_not_shown(harbour: Cast) -> None:
    await add(harbour, "theo", starts_at=hence(1))
    assert "Theo of the test" not in [name for name, _ in await parts(harbour.cleo)]


async def test_an_open_look_is_shown_with_its_end(harbour: Cast) -> None:
    expires_at = now() + timedelta(minutes=60)
    work, transaction = harbour.job()
    async with transaction:
        await work.introduce(capacity="staff")
        await work.add(
            BreakGlass,
            id=new_id(),
            client_id=harbour.client_ids["cleo"],
            user_id=harbour.theo.user_id,
            reason="at night",
            expires_at=expires_at,
        )
    (theo,) = [one for one in (await seen_by(harbour.cleo))["staff"] if "Theo" in one["name"]]
    assert (theo["parts"], theo["reads"]) == (["break_glass"], EVERYTHING)
    assert theo["until"].startswith(expires_at.strftime("%Y-%m-%dT%H:%M"))


async def test_whoever_cannot_come_in_is_not_shown(harbour: Cast) -> None:
    await add(harbour, "theo")
    await bar(harbour, harbour.theo, "cleo")
    await bar(harbour, harbour.ana, "cleo")
    work, transaction = harbour.job()
    async with transaction:
        await work.alter(Membership, harbour.abe.user_id, suspended_at=now())
    assert [one for _, one in await parts(harbour.cleo)] == [["primary"], ["supervisor"]]


async def test_supervision_that_is_over_is_not_shown(harbour: Cast) -> None:
    day = timedelta(days=1)
    await harbour.write(
        Supervision,
        id=new_id(),
        supervisee_id=harbour.thea.user_id,
        supervisor_id=harbour.theo.user_id,
        starts_at=now() - 2 * day,
        ends_at=now() - day,
    )
    assert "Theo of the test" not in [name for name, _ in await parts(harbour.cleo)]


async def test_a_practice_may_tell_roles_and_not_names(harbour: Cast) -> None:
    read = await harbour.ana.http.get("/v1/practice")
    await harbour.ana.http.patch(
        "/v1/practice",
        json={"policies": {"access_log_names": False}},
        headers={"If-Match": read.headers["etag"]},
    )
    assert await parts(harbour.cleo) == [
        ("Thea of the test", ["primary"]),
        (None, ["supervisor"]),
        (None, ["owner"]),
        (None, ["assistant"]),
    ]


async def test_a_client_sees_who_acts_for_them_and_within_what(harbour: Cast) -> None:
    (greta,) = (await seen_by(harbour.kit))["guardians"]
    assert (greta["relation"], greta["last_on"], "homework" in greta["scopes"]) == (
        "parent",
        None,
        True,
    )
    assert greta["reads"] == EVERYTHING


async def another_guardian(cast: Cast, **more: Any) -> None:
    work, transaction = cast.job()
    async with transaction:
        user_id = await cast.add_login(work, "gus")
        values: dict[str, Any] = {
            "relation": "grandparent",
            "scopes": ["homework"],
            "starts_on": date(2020, 1, 1),
        }
        await work.add(
            Guardian,
            id=new_id(),
            client_id=cast.client_ids["kit"],
            user_id=user_id,
            basis="consent",
            **values | more,
        )


async def test_guardians_are_told_how_many_others_there_are(harbour: Cast) -> None:
    await another_guardian(harbour)
    shown = await seen_by(harbour.greta)
    assert [one["relation"] for one in shown["guardians"]] == ["parent"]
    assert shown["other_guardians"] == 1
    assert shown["staff"] == (await seen_by(harbour.kit))["staff"]


async def test_guardianships_that_open_nothing_now_are_not_shown(harbour: Cast) -> None:
    today = now().date()
    await another_guardian(harbour, suspended_at=now())
    await another_guardian(harbour, revoked_at=now())
    await another_guardian(harbour, ends_on=today - timedelta(days=2))
    await another_guardian(harbour, starts_on=today + timedelta(days=2))
    assert len((await seen_by(harbour.kit))["guardians"]) == 1


async def test_a_guardian_names_whom_they_ask_for(harbour: Cast) -> None:
    unnamed = harbour.clients.new(Authorization=f"Bearer {harbour.greta.token}")
    answer = await unnamed.get(URL)
    assert (answer.status_code, answer.json()["code"]) == (400, "access.acting_for")


async def test_what_has_not_changed_is_not_sent_again(harbour: Cast) -> None:
    tag = {"If-None-Match": (await harbour.cleo.http.get(URL)).headers["etag"]}
    assert (await harbour.cleo.http.get(URL, headers=tag)).status_code == 304
    await add(harbour, "theo")
    assert (await harbour.cleo.http.get(URL, headers=tag)).status_code == 200


async def test_a_barred_owner_does_not_change_who_treats(harbour: Cast) -> None:
    await bar(harbour, harbour.ana, "cleo")
    assert (await add(harbour, "theo")).status_code == 404
