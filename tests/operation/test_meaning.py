"""What a client said is compared by what it means: every spelling of it is the same, and nothing
else is."""

import random
from datetime import datetime, timedelta, timezone
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import BaseModel

from app.files.schemas import UploadCreate
from app.goals.schemas import RatingCreate
from app.homework.asked import QuestionCreate
from app.homework.repetitions import RepetitionCreate
from app.homework.sent import SubmissionCreate
from app.homework.wanted import MyAssignmentCreate
from app.library.canonical import canonical_answers
from app.library.composed import BodyRegions
from app.library.fields import Choices
from app.library.forms import Form, check_answers
from app.operation import meaning, once
from app.rests.schemas import MyRestPeriodCreate
from tests.library.strategies import fitting, forms, messy

CLIENT = "01a20283-a66c-71ae-97eb-f03bb34e2309"
VERSION = "01a20308-53ce-71e1-81e6-cc2062336ea5"
KEY = {"client_key": "device-a-1"}
WHEN = {"occurred_at": "2026-11-20T21:00:00+01:00", "zone": "Europe/Berlin"}
SENT = KEY | WHEN | {"exercise_version_id": VERSION, "outcome": "partial"}


def said(model: type[BaseModel], body: dict[str, Any], form: Form | None = None) -> Any:
    forms = {"answers": canonical_answers(form, body["answers"])} if form else {}
    return once.fingerprint(CLIENT, model.model_validate(body), about="the-thing", **forms)


def respelled(value: Any, chance: random.Random) -> Any:
    """The same in other words: numbers, characters, the order of an object's members, nulls."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return chance.choice((value, float(value)))
    if isinstance(value, str):
        return normalize(chance.choice(("NFC", "NFD")), value)
    if isinstance(value, list):
        return [respelled(one, chance) for one in value]
    if isinstance(value, dict):
        names = chance.sample(list(value), len(value))
        return {name: respelled(value[name], chance) for name in names}
    return value


def in_other_words(form: Form, answers: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    told: dict[str, Any] = respelled(answers, chance)
    for field in form.fields:
        if isinstance(field, Choices) and field.id in told:
            chance.shuffle(told[field.id])
        if isinstance(field, BodyRegions) and chance.random() < 0.5:
            told[field.id] = {
                region: {"intensity": None} | felt if field.intensity else felt
                for region, felt in told[field.id].items()
            }
    return told | {"nothing_of_it": None}


@given(st.data())
def test_answers_of_which_none_are_dropped_are_canonical_once_checked(data: st.DataObject) -> None:
    form = data.draw(forms())
    answers = data.draw(messy(form, st.text(max_size=3)))
    for completed in (False, True):
        checked = check_answers(form, answers, completed=completed)
        if not checked.errors and not checked.dropped:
            assert canonical_answers(form, answers) == checked.answers


@given(st.data(), st.randoms(use_true_random=False))
def test_submission_respelled_is_the_same_and_changed_is_another(
    data: st.DataObject, chance: random.Random
) -> None:
    form = data.draw(forms())
    answers = {field.id: data.draw(fitting(field)) for field in form.fields}
    obstacles = data.draw(st.lists(st.sampled_from(["forgot", "too_busy", "unclear"]), max_size=4))
    first = said(SubmissionCreate, SENT | {"answers": answers, "obstacles": obstacles}, form)
    at = datetime.fromisoformat(WHEN["occurred_at"])
    elsewhere = timezone(timedelta(minutes=15 * chance.randint(-40, 40)))
    again = SENT | {
        "answers": in_other_words(form, answers, chance),
        "obstacles": chance.sample(obstacles, len(obstacles)) + obstacles[:1],
        "occurred_at": at.astimezone(elsewhere).isoformat(),
        "sent_at": "2026-11-21T09:00:00Z",
        "engagement": chance.choice([None, {}, {"difficulty": None}]),
    }
    assert said(SubmissionCreate, again, form).matches(first.digest)

    field = data.draw(st.sampled_from(form.fields))
    other = answers | {field.id: data.draw(fitting(field))}
    shown = Form(fields=tuple(f.model_copy(update={"shown_when": None}) for f in form.fields))
    kept, changed = (check_answers(shown, one, completed=False).answers for one in (answers, other))
    assume(meaning.canonical(kept) != meaning.canonical(changed))
    assert not said(SubmissionCreate, again | {"answers": other}, form).matches(first.digest)


@pytest.mark.parametrize(
    "changed",
    [
        {"outcome": "attempted"},
        {"occurred_at": "2026-11-20T21:00:00+02:00"},
        {"engagement": {"difficulty": 0}},
        {"obstacles": ["unsafe"]},
        {"answers_visible": "summary_only"},
        {"exercise_version_id": CLIENT},
        {"answers": {"age": 0}},
        {"answers": {"age": False}},
        {"zone": "Asia/Tokyo"},
    ],
)
def test_submission_with_one_member_changed_is_another(changed: dict[str, Any]) -> None:
    assert not said(SubmissionCreate, SENT | changed).matches(said(SubmissionCreate, SENT).digest)


def test_zone_counts_only_where_both_say_one() -> None:
    filled = SubmissionCreate.model_validate(SENT | {"zone": "Asia/Tokyo"})
    filled.model_fields_set.discard("zone")
    one = once.fingerprint(CLIENT, filled, about="the-thing")
    other = said(SubmissionCreate, SENT)
    assert one.matches(other.digest)
    assert other.matches(one.digest)


def test_order_of_a_ranking_is_what_it_says() -> None:
    form = Form.model_validate(
        {"fields": [{"id": "first", "kind": "ranking", "options": ["one", "two"]}]}
    )
    one, other = (
        said(SubmissionCreate, SENT | {"answers": {"first": order}}, form)
        for order in (["one", "two"], ["two", "one"])
    )
    assert not one.matches(other.digest)


BEFORE: dict[type[BaseModel], tuple[dict[str, Any], str]] = {
    SubmissionCreate: (
        SENT
        | {"answers": {"age": 9}, "engagement": {"difficulty": 3}}
        | {"obstacles": ["too_busy", "unclear"]},
        "97ff9c3ffb988a831cae55c20a2ab9315083bf503dcc3db0bc3beeaebb6b04ab",
    ),
    RepetitionCreate: (
        KEY | WHEN | {"exercise_version_id": VERSION, "times": 3, "note": "At night."},
        "9c87ea8cb41e87c89a0d011caf651bbe41cf8d3e64a47ebacb2c7c13873967d2",
    ),
    QuestionCreate: (
        KEY | {"question": "Why this?"},
        "efe626b447607babda07356b3a34235516b16ea3a94601c089c36c49bbc47e4e",
    ),
    MyAssignmentCreate: (
        KEY
        | {"exercise_id": VERSION, "zone": "Europe/Berlin"}
        | {"schedule": {"kind": "weekly", "days": ["mo", "fr"]}},
        "a3411ad686cacbe55fb1887abf65002fba5261352fd51eb95a2b4c3f59098cb5",
    ),
    RatingCreate: (
        KEY | {"value": 4},
        "ff460e13c37424d8e9256acdf084e9a55fcbe652a01fd3c8d9a68d1fbcc5ada9",
    ),
    MyRestPeriodCreate: (
        KEY | {"starts_on": "2026-11-20"},
        "c960d343808ab7bbaaaf7917fc42b1de504ab31ba6f02a63612076770cc78789",
    ),
    UploadCreate: (
        KEY | {"media_type": "image/png", "size": 70},
        "583d3e803633df19591e7ea81e1175c0ef09c2da552647bc585c1827d47b2285",
    ),
}


@pytest.mark.parametrize("model", BEFORE)
def test_what_an_earlier_release_stored_is_known_again(model: type[BaseModel]) -> None:
    body, stored = BEFORE[model]
    assert said(model, body).matches(bytes.fromhex(stored))
    assert not said(model, body | {"client_key": "device-a-2"}).matches(bytes.fromhex(stored))
