"""What a guardian's device hears and may say: what the guardianship includes today, no more."""

from datetime import date, timedelta
from typing import Any

from app.access.grounds import Guardian
from app.core.clock import now
from app.core.ids import new_id
from tests.cast import GUARDIAN_SCOPES, Cast, Person
from tests.homework.scenes import EXERCISE, assign, slot

ZONE = "Europe/Berlin"


async def appoint(cast: Cast, client: str, scopes: list[str], **other: Any) -> None:
    """Greta becomes a guardian of this client, too."""
    await cast.write(
        Guardian,
        id=new_id(),
        client_id=cast.client_ids[client],
        relation="parent",
        basis="consent",
        scopes=scopes,
        **({"starts_on": date(2020, 1, 1), "user_id": cast.greta.user_id} | other),
    )


async def sync(cast: Cast, person: Person, client: str, **other: Any) -> dict[str, Any]:
    client_id = cast.client_ids[client]
    asked = {"client_id": client_id, "zone": ZONE, "sent_at": now().isoformat()} | other
    headers = {"Acting-For": client_id} if person is cast.greta else {}
    answer = await person.http.post("/v1/me/sync", json=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def test_a_guardianship_that_has_ended_opens_nothing(harbour: Cast) -> None:
    await assign(harbour)
    yesterday = (now() - timedelta(days=2)).date()
    await appoint(harbour, "cleo", GUARDIAN_SCOPES, ends_on=yesterday)
    await appoint(harbour, "cleo", ["submit"])
    assert (await sync(harbour, harbour.greta, "cleo"))["changes"] == []


async def test_what_another_guardian_may_hear_is_not_told(harbour: Cast) -> None:
    await assign(harbour)
    await appoint(harbour, "cleo", ["submit"])
    await appoint(harbour, "cleo", GUARDIAN_SCOPES, user_id=harbour.carl.user_id)
    assert (await sync(harbour, harbour.greta, "cleo"))["changes"] == []


async def test_a_guardianship_that_is_ahead_lets_nothing_in(harbour: Cast) -> None:
    made = await assign(harbour, agreed=False)
    ahead = (now() + timedelta(days=2)).date()
    await appoint(harbour, "cleo", GUARDIAN_SCOPES, starts_on=ahead)
    await appoint(harbour, "cleo", ["submit"])
    item = {
        "kind": "assignment_accept",
        "client_key": "device-g-1",
        "about_id": made["id"],
        "base_version": made["version"],
    }
    (result,) = (await sync(harbour, harbour.greta, "cleo", items=[item]))["results"]
    assert result["problem"]["code"] == "access.scope"


async def begin(cast: Cast, where: str) -> str:
    """Kit begins a draft; where it is."""
    url = f"/v1/me/occurrences/{where}/draft"
    body = {"exercise_version_id": str(EXERCISE.version.id), "answers": {"age": 9}}
    put = await cast.kit.http.put(url, json=body, headers={"If-None-Match": "*"})
    assert put.status_code == 201, put.text
    return url


async def test_a_draft_thrown_away_is_no_news_to_a_guardian(harbour: Cast) -> None:
    await assign(harbour, "kit")
    url = await begin(harbour, (await slot(harbour.kit))["id"])
    await assign(harbour, "kit")
    heard = (await sync(harbour, harbour.greta, "kit"))["changes"]
    await harbour.kit.http.delete(url, headers={"If-Match": '"v1"'})
    assert (await sync(harbour, harbour.greta, "kit"))["changes"] == heard


async def test_a_draft_thrown_away_is_news_to_the_clients_other_device(harbour: Cast) -> None:
    await assign(harbour, "kit")
    where = (await slot(harbour.kit))["id"]
    url = await begin(harbour, where)
    await assign(harbour, "kit")
    await harbour.kit.http.delete(url, headers={"If-Match": '"v1"'})
    newest = (await sync(harbour, harbour.kit, "kit"))["changes"][-1]
    assert (newest["id"], newest["body"]["drafted_at"]) == (where, None)


async def test_what_a_guardian_may_not_hear_takes_no_place(harbour: Cast) -> None:
    await harbour.thea.http.post(
        f"/v1/clients/{harbour.client_ids['cleo']}/goals", json={"statement": "Say no once a week"}
    )
    await appoint(harbour, "cleo", ["submit"])
    heard = await sync(harbour, harbour.greta, "cleo")
    assert (heard["changes"], heard["more"]) == ([], False)


async def test_a_suspended_guardians_door_is_empty_and_takes_nothing(harbour: Cast) -> None:
    made = await assign(harbour)
    await appoint(harbour, "cleo", GUARDIAN_SCOPES, suspended_at=now())
    rest = {"kind": "rest_period", "client_key": "device-g-1"}
    seen = {"about_id": made["id"], "base_version": made["version"]}
    end = {"kind": "assignment_end", "client_key": "device-g-2"} | seen
    heard = await sync(harbour, harbour.greta, "cleo", items=[rest, end])
    assert [one["outcome"] for one in heard["results"]] == ["refused", "refused"]
    assert heard["changes"] == []
