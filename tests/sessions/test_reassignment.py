"""Planned sessions follow the care: handed over with it, and called off with its end."""

from datetime import timedelta
from typing import Any

import pytest

from app.core.clock import now
from app.jobs.delivering import do_chore, drain
from app.operation.house import House
from app.sessions.models import Session
from tests.cast import Cast
from tests.clients.caring import add, close, end, hence
from tests.overview.scenes import read
from tests.sessions.test_sessions import PAST, change, plan


async def planned(cast: Cast, days: float, **said: Any) -> dict[str, Any]:
    """A session with Cleo so many days from now."""
    made = await plan(cast, starts_at=hence(days), **said)
    assert made.status_code == 201, made.text
    shown: dict[str, Any] = made.json()
    return shown


async def holders(cast: Cast, *sessions: dict[str, Any]) -> list[str]:
    """Who of the cast holds each of these sessions now."""
    names = {person.user_id: name for name, person in cast.people.items()}
    return [
        names[(await read(cast.ana, f"/v1/sessions/{one['id']}"))["therapist_id"]]
        for one in sessions
    ]


async def test_sessions_go_to_the_new_primary_therapist(harbour: Cast, worker: House) -> None:
    held, ahead = (await plan(harbour, **PAST)).json(), await planned(harbour, 3)
    await add(harbour, "theo", "primary")
    await drain(worker)
    assert await holders(harbour, held, ahead) == ["thea", "theo"]
    mine = (await read(harbour.cleo, "/v1/me/sessions"))["items"][0]
    assert (mine["id"], mine["therapist"]) == (ahead["id"], "Theo of the test")
    assert mine["version"] == ahead["version"] + 1


async def test_sessions_go_to_the_named_successor_of_a_lesser_part(
    harbour: Cast, worker: House
) -> None:
    await add(harbour, "theo", "co")
    leaders, colleagues = (
        await planned(harbour, 3),
        await planned(harbour, 4, therapist_id=harbour.theo.user_id),
    )
    await end(harbour, "theo", successor="sam")
    await drain(worker)
    assert await holders(harbour, leaders, colleagues) == ["thea", "sam"]


async def test_without_a_successor_they_go_to_the_primary_therapist(
    harbour: Cast, worker: House
) -> None:
    await add(harbour, "theo", "covering")
    session = await planned(harbour, 3, therapist_id=harbour.theo.user_id)
    await end(harbour, "theo")
    await drain(worker)
    assert await holders(harbour, session) == ["thea"]


async def test_of_care_handed_over_later_only_what_comes_after_moves(
    harbour: Cast, worker: House
) -> None:
    before, after = await planned(harbour, 3), await planned(harbour, 9)
    await add(harbour, "theo", "primary", starts_at=hence(7))
    await drain(worker)
    assert await holders(harbour, before, after) == ["thea", "theo"]
    late = await planned(harbour, 10, therapist_id=harbour.theo.user_id)
    early = await plan(harbour, starts_at=hence(4), therapist_id=harbour.theo.user_id)
    assert (await holders(harbour, late), early.status_code) == (["theo"], 422)


async def test_what_was_planned_meanwhile_is_found_within_the_hour(
    harbour: Cast, worker: House
) -> None:
    session = await planned(harbour, 3)
    await harbour.write(
        Session,
        **_row(session) | {"id": session["id"][:-4] + "beef", "therapist_id": harbour.theo.user_id},
    )
    await do_chore(worker, "settle_sessions")
    found = (await read(harbour.thea, f"/v1/clients/{harbour.client_ids['cleo']}/sessions"))[
        "items"
    ]
    assert {one["therapist_id"] for one in found} == {harbour.thea.user_id}


def _row(session: dict[str, Any]) -> dict[str, Any]:
    names = ("client_id", "episode_id", "therapist_id", "zone", "setting")
    return {name: session[name] for name in names} | {"starts_at": now() + timedelta(days=2)}


async def test_closing_an_episode_calls_its_planned_sessions_off(
    harbour: Cast, worker: House
) -> None:
    held = (await plan(harbour, **PAST)).json()
    await change(harbour, held, attendance="attended")
    unmarked, ahead = (await plan(harbour, **PAST)).json(), await planned(harbour, 3)
    await close(harbour)
    await drain(worker)
    shown = {
        one["id"]: one["attendance"]
        for one in (await read(harbour.cleo, "/v1/me/sessions"))["items"]
    }
    assert shown == {
        held["id"]: "attended",
        unmarked["id"]: "scheduled",
        ahead["id"]: "cancelled_by_therapist",
    }
    today = await read(harbour.cleo, "/v1/me/today?zone=Europe/Berlin")
    assert today["next_session_at"] is None


@pytest.mark.parametrize("who", ["thea", "ana", "abe"])
async def test_whoever_keeps_a_session_gives_it_to_a_colleague_who_treats(
    harbour: Cast, who: str
) -> None:
    session = await planned(harbour, 3)
    await add(harbour, "theo", "covering")
    answer = await change(harbour, session, who, therapist_id=harbour.theo.user_id)
    assert (answer.status_code, answer.json()["therapist_id"]) == (200, harbour.theo.user_id)


async def test_a_session_is_given_to_nobody_who_does_not_treat_then(harbour: Cast) -> None:
    session = await planned(harbour, 3)
    await add(harbour, "theo", "covering", ends_at=hence(2))
    for name in ("theo", "sam", "abe"):
        answer = await change(harbour, session, "abe", therapist_id=harbour.people[name].user_id)
        assert (answer.status_code, answer.json()["code"]) == (422, "sessions.therapist"), name
    assert await holders(harbour, session) == ["thea"]
