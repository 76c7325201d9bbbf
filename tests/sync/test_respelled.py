"""Work that comes again in another spelling is the same work, and never refused as another."""

from datetime import timedelta
from hashlib import sha256
from typing import Any
from unicodedata import normalize

import pytest

from app.core.clock import now
from app.operation import idempotency
from tests.cast import Cast
from tests.homework.scenes import EXERCISE, assign
from tests.sync.test_drafts_again import begun, open_slot
from tests.sync.test_sync import done, outcomes, sync

AT = now().replace(microsecond=0) - timedelta(hours=3)
ANSWERS = {"age": 9, "what_happened": "Zoë came.", "learned": ["be_strong", "stay_small"]}
RESPELLED = {
    "age": 9.0,
    "what_happened": normalize("NFD", "Zoë came."),
    "learned": ["stay_small", "be_strong"],
    "words_for_then": None,
}
VERSION = str(EXERCISE.version.id)


def elsewhere() -> str:
    """The same instant as a clock in Nepal shows it."""
    hours, minutes = 5, 45
    local = AT + timedelta(hours=hours, minutes=minutes)
    return local.replace(tzinfo=None).isoformat() + f"+0{hours}:{minutes}"


async def test_submission_respelled_is_a_duplicate(harbour: Cast) -> None:
    where = await open_slot(harbour)
    said = {"obstacles": ["unclear", "too_busy"], "engagement": {"difficulty": 3}}
    first = done("device-a-1", where, answers=ANSWERS, occurred_at=AT.isoformat(), **said)
    said = {
        "obstacles": ["too_busy", "unclear"],
        "engagement": {"difficulty": 3.0, "quality": None},
    }
    again = done("device-a-1", where, answers=RESPELLED, occurred_at=elsewhere(), **said)
    assert await outcomes(harbour, first) == ["stored"]
    assert await outcomes(harbour, again) == ["duplicate"]
    changed = again["body"] | {"answers": RESPELLED | {"learned": ["stay_small"]}}
    answer = await sync(harbour, again | {"body": changed})
    assert answer.json()["results"][0]["problem"]["code"] == "client_key.other_body"


async def test_zone_that_the_batch_fills_in_is_no_part_of_the_work(harbour: Cast) -> None:
    where = await open_slot(harbour)
    item = done("device-a-1", where)
    assert await outcomes(harbour, item) == ["stored"]
    (result,) = (await sync(harbour, item, zone="Asia/Tokyo")).json()["results"]
    assert result["outcome"] == "duplicate"
    single = item["body"] | {"client_key": "device-a-1", "zone": "Europe/Berlin"}
    again = await harbour.cleo.http.post(f"/v1/me/occurrences/{where}/submissions", json=single)
    assert (again.status_code, again.json()) == (200, result["receipt"])


@pytest.mark.parametrize(
    ("kind", "body", "same", "other"),
    [
        (
            "repetition",
            {"exercise_version_id": VERSION, "occurred_at": AT.isoformat(), "times": 3},
            {"exercise_version_id": VERSION.upper(), "occurred_at": elsewhere(), "times": 3.0}
            | {"minutes": None, "obstacles": []},
            {"times": 4},
        ),
        (
            "question",
            {"question": "Zoë?"},
            {"question": normalize("NFD", "Zoë?")},
            {"question": "Z"},
        ),
        (
            "assignment",
            {"exercise_id": str(EXERCISE.id), "schedule": {"kind": "weekly", "days": ["mo", "fr"]}},
            {"title": None, "schedule": {"days": ["fr", "mo"], "every": 1.0, "kind": "weekly"}}
            | {"exercise_id": str(EXERCISE.id)},
            {"schedule": {"kind": "weekly", "days": ["mo"]}},
        ),
        ("rest_period", {}, {"starts_on": None}, {"starts_on": "2026-12-24"}),
        ("goal_rating", {"value": 4}, {"value": 4.0}, {"value": 5}),
    ],
)
async def test_each_kind_respelled_is_a_duplicate_and_changed_is_refused(
    harbour: Cast, kind: str, body: dict[str, Any], same: dict[str, Any], other: dict[str, Any]
) -> None:
    about = await _about(harbour, kind)
    item = {"kind": kind, "client_key": "device-a-1", **about}
    assert await outcomes(harbour, item | {"body": body}) == ["stored"]
    assert await outcomes(harbour, item | {"body": same}) == ["duplicate"]
    (result,) = (await sync(harbour, item | {"body": body | other})).json()["results"]
    assert result["problem"]["code"] == "client_key.other_body"


async def _about(cast: Cast, kind: str) -> dict[str, str]:
    assigned = await assign(cast)
    if kind == "question":
        return {"about_id": assigned["id"]}
    if kind == "goal_rating":
        url = f"/v1/clients/{cast.client_ids['cleo']}/goals"
        goal = {"statement": "Say no once a week", "agreed": True}
        return {"about_id": (await cast.thea.http.post(url, json=goal)).json()["id"]}
    return {}


async def test_draft_respelled_is_a_duplicate(harbour: Cast) -> None:
    where = await open_slot(harbour)
    item = begun("device-a-1", where)
    body = item["body"] | {"answers": ANSWERS, "obstacles": ["unclear", "too_busy"]}
    again = item["body"] | {"answers": RESPELLED, "obstacles": ["too_busy", "unclear"]}
    assert await outcomes(harbour, item | {"body": body}) == ["stored"]
    assert await outcomes(harbour, item | {"body": again}) == ["duplicate"]
    other = again | {"answers": RESPELLED | {"age": 10}}
    assert await outcomes(harbour, item | {"body": other}) == ["conflict"]


async def test_profile_respelled_is_a_duplicate(harbour: Cast) -> None:
    item = {"kind": "profile", "client_key": "device-a-1", "base_version": 1}
    assert await outcomes(harbour, item | {"body": {"preferred_name": "Zoë"}}) == ["stored"]
    again = {"preferred_name": normalize("NFD", "Zoë")}
    assert await outcomes(harbour, item | {"body": again}) == ["duplicate"]


async def test_idempotency_key_with_a_respelled_body_is_a_replay(harbour: Cast) -> None:
    url = f"/v1/clients/{harbour.client_ids['cleo']}/goals"
    header = {"Idempotency-Key": "one"}
    body = {"statement": "Zoë says no.", "areas": ["awareness", "origins"]}
    again = {"areas": ["origins", "awareness"], "statement": normalize("NFD", "Zoë says no.")}
    first = await harbour.thea.http.post(url, json=body, headers=header)
    answer = await harbour.thea.http.post(url, json=again | {"review_on": None}, headers=header)
    assert (answer.status_code, answer.json()) == (201, first.json()), answer.text
    other = await harbour.thea.http.post(url, json=again | {"agreed": True}, headers=header)
    assert other.json()["code"] == "idempotency.other_request"


def test_fingerprint_of_an_earlier_release_is_known_for_its_day() -> None:
    """They are kept for 24 hours; this may go with the release after the next."""
    asked = ("one", "caller", "POST", "/v1/goals?", b'{"b": 2.0, "a": 1}')
    once = idempotency.read(*asked, lambda said: said)
    assert once is not None
    told = sha256(b'caller\nPOST\n/v1/goals?\n{"a":1,"b":2.0}').digest()
    assert (once.by_spelling, once.fingerprint != told) == (told, True)
