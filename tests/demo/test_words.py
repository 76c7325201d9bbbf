"""The words of the demo: plain, kind, and fitting the forms they answer."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.schema import ROOT
from app.demo import words
from app.demo.answering import checked, exercises, filled_in
from app.demo.life import Life
from app.demo.people import practices
from tests.library.test_catalogue import FORBIDDEN

FOLDER = ROOT / "app" / "demo" / "words"
FILES = sorted(file.relative_to(FOLDER).as_posix() for file in FOLDER.rglob("*.yaml"))
THEMES = sorted(file.stem for file in (FOLDER / "themes").glob("*.yaml"))
LONGEST = 300


def strings(value: Any) -> Iterator[str]:
    """Every string in it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings(one)


@pytest.mark.parametrize("name", FILES)
def test_no_word_is_one_we_keep_from_clients(name: str) -> None:
    said = list(strings(words.read(name)))
    assert said
    assert [text for text in said if FORBIDDEN.search(text)] == []


@pytest.mark.parametrize("name", FILES)
def test_files_of_words_stay_readable(name: str) -> None:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= LONGEST


@pytest.mark.parametrize("name", THEMES)
def test_a_theme_has_answers_to_all_it_gives(name: str) -> None:
    theme = words.theme(name)
    assert theme.understood.keys() == {"begins", "turns", "carries"}
    for task in theme.homework:
        suited = [one for one in words.sheets(task.exercise) if name in one.suits]
        assert suited, task.exercise


ANSWERED = sorted(file.stem for file in (FOLDER / "answers").glob("*.yaml"))


def test_answers_are_to_exercises_there_are() -> None:
    assert set(ANSWERED) <= exercises().keys()


def life() -> Life:
    """A client of the demo, before anything happened."""
    one = practices()[0].clients[0]
    rng = Random(1)
    stage: Any = None
    return Life(stage, one, 0, rng, words.slots(rng), None)


@settings(max_examples=40, deadline=None)
@given(st.integers(), st.sampled_from(["completed", "partial", "attempted"]))
def test_answers_fit_their_forms_and_worry_nobody(seed: int, outcome: words.Outcome) -> None:
    someone = life()
    someone.rng.seed(seed)
    for slug in ANSWERED:
        for sheet in words.sheets(slug):
            answers = filled_in(someone, slug, sheet, date(2026, 9, 1), outcome)
            found = checked(slug, answers, completed=outcome == "completed")
            assert answers
            assert (found.errors, found.dropped, found.attention) == ([], [], [])


def test_slots_read_well_where_a_sentence_begins() -> None:
    said = words.filled("{boss} came. {close} went to {work}.", SLOTS)
    assert said == "My manager came. My sister went to the shop."


def test_therapists_speak_of_the_sister() -> None:
    assert words.filled("Told {close}.", SLOTS, by_therapist=True) == "Told the sister."


SLOTS = {"boss": "my manager", "close": "my sister", "work": "the shop"}


def test_the_people_are_as_many_and_as_various_as_they_should_be() -> None:
    people = [one for plan in practices() for one in plan.clients]
    assert len({one.name for one in people}) == len(people)
    assert 38 <= len(people) <= 42
    assert sum(not one.name.isascii() for one in people) > 12
    assert {one.theme for one in people} == set(THEMES)


@pytest.mark.parametrize("today", [date(2026, 2, 28), date(2028, 2, 29), date(2031, 12, 31)])
def test_people_are_as_old_as_the_story_needs(today: date) -> None:
    for one in (one for plan in practices() for one in plan.clients):
        born = one.birth_date(today)
        had_birthday = (today.month, today.day) >= (born.month, born.day)
        assert today.year - born.year - (not had_birthday) == one.age
