"""What is assigned: drafts, schedules, steps, topics, changes, copies, several clients at once."""

from datetime import date, timedelta
from typing import Any

import pytest

from app.access.grounds import CareAssignment
from app.clients.models import Episode
from app.core import clock
from app.core.clock import now
from app.core.ids import new_id
from app.core.zones import local_day
from app.library.models import Exercise, ExerciseVersion
from tests.cast import Cast
from tests.homework.assigning import DAILY, STEPS, done, for_many, patch, put, stepped, topic
from tests.homework.scenes import assign, assignment


async def refused(cast: Cast, **other: Any) -> tuple[int, list[str]]:
    """The status and the pointers that this assignment for Cleo is refused with."""
    url = f"/v1/clients/{cast.client_ids['cleo']}/assignments"
    answer = await cast.thea.http.post(url, json=assignment(**other))
    return answer.status_code, [one["pointer"] for one in answer.json().get("errors", [])]


async def test_a_draft_is_not_the_clients_yet(harbour: Cast) -> None:
    made = await assign(harbour, agreed=False, draft=True)
    url = f"/v1/me/assignments/{made['id']}"
    assert (await harbour.cleo.http.get(url)).status_code == 404
    assert (await harbour.cleo.http.get("/v1/me/assignments")).json()["items"] == []
    proposed = await done(harbour.thea, made["id"], "propose")
    assert proposed["status"] == "proposed"
    assert (await harbour.cleo.http.get(url)).json()["status"] == "proposed"


async def test_nothing_is_agreed_and_a_draft_at_once(harbour: Cast) -> None:
    assert (await refused(harbour, agreed=True, draft=True))[0] == 422


async def test_a_schedule_is_shown_as_calendars_know_it(harbour: Cast) -> None:
    rule = {"kind": "weekly", "every": 2, "days": ["mo", "th"]}
    made = await assign(harbour, schedule=rule)
    assert made["rrule"] == "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH;WKST=MO"
    mine = (await harbour.cleo.http.get(f"/v1/me/assignments/{made['id']}")).json()
    assert (mine["schedule"], mine["rrule"]) == (made["schedule"], made["rrule"])


@pytest.mark.parametrize(
    ("wanted", "pointer"),
    [
        ({"schedule": DAILY, "due_at": "2190-01-01T00:00:00Z"}, "/due_at"),
        ({"schedule": DAILY | {"starts_on": "2020-01-01", "ends_on": "2020-02-01"}}, "/schedule"),
        ({"due_at": "2020-01-01T00:00:00Z"}, "/due_at"),
        ({"steps": ["x"] * 11}, "/steps"),
        ({"topics": ["01a20315-131c-7401-951f-6c7e42ad9199"]}, "/topics/0"),
        ({"exercise_id": "01a20315-131c-7401-951f-6c7e42ad9199"}, "/exercise_id"),
    ],
)
async def test_what_cannot_be_is_refused_where_it_stands(
    harbour: Cast, wanted: dict[str, Any], pointer: str
) -> None:
    assert await refused(harbour, **wanted) == (422, [pointer])


async def test_topics_are_the_clients_own(harbour: Cast) -> None:
    mine, others = await topic(harbour), await topic(harbour, "kit")
    assert (await assign(harbour, topics=[mine]))["topics"] == [mine]
    assert await refused(harbour, topics=[mine, others]) == (422, ["/topics/1"])


@pytest.mark.parametrize("change", [{}, {"late_policy": "counts"}, {"schedule": {"kind": "once"}}])
async def test_what_changes_nothing_makes_no_version(harbour: Cast, change: Any) -> None:
    made = await assign(harbour)
    answer = await patch(harbour.thea, made["id"], change)
    assert (answer.status_code, answer.headers["etag"]) == (200, '"v1"')
    assert answer.json() == made


async def test_both_sides_see_the_late_policy(harbour: Cast) -> None:
    made = await assign(harbour)
    changed = await patch(harbour.thea, made["id"], {"late_policy": "does_not_count"})
    mine = (await harbour.cleo.http.get(f"/v1/me/assignments/{made['id']}")).json()
    assert (mine["late_policy"], mine["version"]) == ("does_not_count", changed.json()["version"])


async def test_a_new_schedule_moves_what_is_ahead_only(harbour: Cast) -> None:
    made = await assign(harbour, schedule=DAILY)
    url = f"/v1/me/occurrences?from={made['starts_on']}&to={made['starts_on']}"
    before = (await harbour.cleo.http.get(url)).json()["items"]
    later = {"kind": "daily", "opens": "23:59", "every": 7}
    changed = await patch(harbour.thea, made["id"], {"schedule": later})
    assert changed.json()["schedule"]["every"] == 7, changed.text
    assert (await harbour.cleo.http.get(url)).json()["items"] == before


async def test_a_zone_given_stays_and_a_zone_cleared_follows(harbour: Cast) -> None:
    made = await assign(harbour, zone="Asia/Tokyo")
    assert (made["zone"], made["zone_follows"]) == ("Asia/Tokyo", False)
    changed = (await patch(harbour.thea, made["id"], {"zone": None})).json()
    assert (changed["zone"], changed["zone_follows"]) == ("Europe/Berlin", True)


async def test_why_it_was_declined_stays_readable_when_it_is_revised(harbour: Cast) -> None:
    made = await stepped(harbour)
    words = {"reason": "too_much", "words": "All of it at once."}
    await done(harbour.cleo, made["id"], "decline", words)
    revised = await done(harbour.thea, made["id"], "revise", {"steps": STEPS[:1]})
    assert (revised["status"], revised["steps"]) == ("proposed", STEPS[:1])
    assert revised["decline_words"] == "All of it at once."


async def test_a_copy_is_a_draft_for_another_client(harbour: Cast) -> None:
    made = await stepped(harbour, topics=[await topic(harbour)], zone="Asia/Tokyo")
    url = f"/v1/assignments/{made['id']}/copy"
    copied = await harbour.thea.http.post(url, json={"client_id": harbour.client_ids["kit"]})
    shown = copied.json()
    assert copied.status_code == 201, copied.text
    assert (shown["status"], shown["steps"], shown["topics"]) == ("draft", STEPS, [])
    assert (shown["client_id"], shown["zone"]) == (harbour.client_ids["kit"], "Europe/Berlin")


async def test_a_copy_for_the_same_client_keeps_what_is_theirs(harbour: Cast) -> None:
    made = await stepped(harbour, topics=[await topic(harbour)])
    shown = (await harbour.thea.http.post(f"/v1/assignments/{made['id']}/copy")).json()
    kept = ("topics", "zone", "schedule", "title", "late_policy", "episode_id")
    assert {name: shown[name] for name in kept} == {name: made[name] for name in kept}


async def test_a_copy_lasts_as_long_as_what_it_is_copied_from(harbour: Cast) -> None:
    today = local_day(now(), "Europe/Berlin")
    with clock.at(now() - timedelta(days=20)):
        ends_on = today - timedelta(days=7)
        daily = {"kind": "daily", "ends_on": ends_on.isoformat()}
        made = await assign(harbour, schedule=daily)
    shown = (await harbour.thea.http.post(f"/v1/assignments/{made['id']}/copy")).json()
    assert shown["schedule"]["ends_on"] == (today + timedelta(days=13)).isoformat()
    assert shown["schedule"]["starts_on"] is None


async def test_nothing_is_copied_to_a_colleagues_client(harbour: Cast) -> None:
    made = await assign(harbour)
    body = {"client_id": harbour.client_ids["carl"]}
    answer = await harbour.thea.http.post(f"/v1/assignments/{made['id']}/copy", json=body)
    assert answer.status_code == 404


async def test_a_retired_exercise_is_not_copied(harbour: Cast) -> None:
    exercise_id, version_id = str(harbour.episode_ids["cleo"]), str(harbour.episode_ids["kit"])
    texts = {"en": {"title": "A walk", "summary": "To the sea."}}
    await harbour.write(
        Exercise, id=exercise_id, slug="a-walk", kind="skill", areas=[], modality=[],
        difficulty=1, current_version_id=version_id,
    )  # fmt: skip
    await harbour.write(
        ExerciseVersion, id=version_id, exercise_id=exercise_id, number=1, minutes=5,
        form={"fields": []}, texts=texts,
    )  # fmt: skip
    made = await assign(harbour, exercise_id=exercise_id)
    work, transaction = harbour.job()
    async with transaction:
        await work.alter(Exercise, exercise_id, is_retired=True)
    answer = await harbour.thea.http.post(f"/v1/assignments/{made['id']}/copy")
    assert (answer.status_code, answer.json()["code"]) == (409, "homework.exercise")


async def test_a_window_that_has_closed_already_is_refused(harbour: Cast) -> None:
    opened, closed = ((now() - timedelta(hours=hours)).isoformat() for hours in (2, 1))
    assert await refused(harbour, opens_at=opened, closes_at=closed) == (422, ["/closes_at"])


async def test_several_clients_are_given_the_same(harbour: Cast) -> None:
    body = for_many(harbour, "kit", "cleo", agreed=True)
    made = await harbour.thea.http.post("/v1/assignments", json=body)
    items = made.json()["items"]
    assert made.status_code == 201, made.text
    assert [one["client_id"] for one in items] == body["client_ids"]
    today = (await harbour.cleo.http.get("/v1/me/today?zone=Europe/Berlin")).json()
    assert [one["assignment_id"] for one in today["open"]] == [items[1]["id"]]


async def test_several_are_read_again_under_the_same_key(harbour: Cast) -> None:
    body, key = for_many(harbour, "kit", "cleo"), {"Idempotency-Key": "all-of-them"}
    first = await harbour.thea.http.post("/v1/assignments", json=body, headers=key)
    again = await harbour.thea.http.post("/v1/assignments", json=body, headers=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["idempotent-replayed"] == "true"


async def second_episode(cast: Cast) -> str:
    """The id of another open episode of Cleo's with Thea."""
    episode_id, client_id = new_id(), cast.client_ids["cleo"]
    await cast.write(Episode, id=episode_id, client_id=client_id, opened_on=date(2026, 10, 1))
    await cast.write(
        CareAssignment, id=new_id(), client_id=client_id, episode_id=episode_id,
        user_id=cast.thea.user_id, part="primary",
    )  # fmt: skip
    return episode_id


async def test_who_has_several_episodes_is_asked_for_one(harbour: Cast) -> None:
    named, body = await second_episode(harbour), for_many(harbour, "kit", "cleo")
    unsure = await harbour.thea.http.post("/v1/assignments", json=body)
    assert (unsure.status_code, unsure.json()["code"]) == (409, "episodes.choose")
    assert unsure.json()["errors"][0]["pointer"] == "/client_ids/1"
    made = await harbour.thea.http.post("/v1/assignments", json=body | {"episode_ids": [named]})
    assert made.json()["items"][1]["episode_id"] == named


async def test_an_episode_of_nobody_named_is_refused(harbour: Cast) -> None:
    body = for_many(harbour, "cleo") | {"episode_ids": [harbour.episode_ids["carl"]]}
    answer = await harbour.thea.http.post("/v1/assignments", json=body)
    assert (answer.status_code, answer.json()["code"]) == (404, "episodes.not_found")


async def test_several_clients_are_given_it_all_or_none(harbour: Cast) -> None:
    body = for_many(harbour, "cleo", "carl", "kit")
    answer = await harbour.thea.http.post("/v1/assignments", json=body)
    assert answer.status_code == 404
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/client_ids/1"]
    assert (await harbour.cleo.http.get("/v1/me/assignments")).json()["items"] == []


@pytest.mark.parametrize("names", [(), ("cleo", "cleo")])
async def test_clients_are_named_once_each(harbour: Cast, names: tuple[str, ...]) -> None:
    answer = await harbour.thea.http.post("/v1/assignments", json=for_many(harbour, *names))
    assert answer.status_code == 422


async def test_a_supervisor_assigns_to_nobody(harbour: Cast) -> None:
    answer = await harbour.sam.http.post("/v1/assignments", json=for_many(harbour, "cleo"))
    assert (answer.status_code, answer.json()["code"]) == (403, "access.not_on_care_team")


@pytest.mark.parametrize(
    "more", [{}, {"schedule": DAILY}, {"agreed": True}, {"schedule": {"kind": "before_session"}}]
)
async def test_a_preview_is_what_the_client_sees(harbour: Cast, more: dict[str, Any]) -> None:
    made = await stepped(harbour, **more)
    seen = await harbour.cleo.http.get(f"/v1/me/assignments/{made['id']}")
    previewed = await harbour.thea.http.get(f"/v1/assignments/{made['id']}/preview")
    theirs, ours = previewed.json(), seen.json()
    for one in (*theirs["coming"], *ours["coming"]):
        one.pop("opens_at")
    assert theirs == ours


@pytest.mark.parametrize("agreed", [True, False])
async def test_the_next_one_is_told_however_far_it_is(harbour: Cast, agreed: bool) -> None:
    first = now().date() + timedelta(days=100)
    rare = {"kind": "daily", "every": 90, "starts_on": first.isoformat()}
    made = await assign(harbour, agreed=agreed, schedule=rare)
    seen = (await harbour.cleo.http.get(f"/v1/me/assignments/{made['id']}")).json()
    assert [one["local_on"] for one in seen["coming"]] == [first.isoformat()]


async def test_a_draft_is_previewed_as_a_proposal(harbour: Cast) -> None:
    made = await stepped(harbour, draft=True, schedule=DAILY)
    shown = (await harbour.thea.http.get(f"/v1/assignments/{made['id']}/preview")).json()
    assert (shown["status"], len(shown["coming"])) == ("proposed", 5)
    assert shown["exercise"]["texts"]["title"] == shown["title"]


async def test_a_colleague_copies_nothing_of_a_client_unknown_to_them(harbour: Cast) -> None:
    made = await assign(harbour)
    assert (await put(harbour.theo, made["id"], "copy")).status_code == 404
