"""The shipped exercises: whole, addressed plainly, and answerable in every language they speak."""

import re
from collections import Counter
from collections.abc import Iterator
from importlib import resources
from typing import get_args

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.library import catalogue as library
from app.library import safety
from app.library.areas import AREAS
from app.library.catalogue import Exercise, Kind, Modality, catalogue, read
from app.library.composed import BodyRegions, Pair, Table
from app.library.describing import json_schema
from app.library.fields import SingleField, YesNo
from app.library.forms import check_answers
from tests.library.identities import IDS
from tests.library.strategies import full

# Words kept out of everything a client reads, and the cheering they are spared, in both languages.
FORBIDDEN = re.compile(
    r"[!¡]|\b(fail\w*|missed|non-?complian\w*|complian\w*|streaks?|rank\w*|percentiles?|grades?|scores?"
    r"|patients?|users?|amazing|awesome|congrat\w*|well done|great job|good job|proud"
    r"|fracas\w*|fall(?:a\w*|os?|é|ó)|incumpl\w*|rachas?|percentil\w*|puntua\w*|pacientes?"
    r"|usuari\w*|felici(?:dades|tac\w*)|enhorabuena|increíbles?|genial(?:es)?|bien hecho|bravo)\b",
    re.IGNORECASE,
)

HELP_PAGE = {"en": "help page", "es": "página de ayuda"}
THERAPIST = {"en": "your therapist, or whoever covers for them", "es": "tu terapeuta, o a quien"}
NOBODY = {"en": "nobody reads it tonight", "es": "nadie lo lea esta noche"}
ASKED = {"en": "Are you safe right now?", "es": "¿Estás a salvo ahora mismo?"}
GROUNDING = {"five-senses-grounding", "feet-on-the-floor", "longer-out-breath"}

FOLDER = resources.files("app.library") / "exercises"

each = pytest.mark.parametrize("exercise", catalogue(), ids=lambda exercise: exercise.slug)


def spoken(words: object) -> Iterator[str]:
    """Every text of an exercise, however deep: labels, options, columns, ends, regions."""
    if isinstance(words, str):
        yield words
    elif isinstance(words, dict):
        for part in words.values():
            yield from spoken(part)


def test_ids_are_stable() -> None:
    newest = {slug: (ids[0], ids[-1], len(ids) - 1) for slug, ids in IDS.items()}
    assert {
        exercise.slug: (str(exercise.id), str(exercise.version.id), exercise.version.number)
        for exercise in catalogue()
    } == newest


def test_every_area_kind_and_modality_has_its_share() -> None:
    areas = Counter(exercise.areas[0] for exercise in catalogue())
    kinds = Counter(exercise.kind for exercise in catalogue())
    modalities = Counter(name for exercise in catalogue() for name in exercise.modalities)
    assert areas.keys() == AREAS.keys()
    assert min(areas.values()) >= 5
    assert min(kinds[kind] for kind in get_args(Kind)) >= 4
    assert min(modalities[name] for name in get_args(Modality)) >= 4


def test_from_gentle_to_demanding() -> None:
    difficulties = Counter(exercise.difficulty for exercise in catalogue())
    assert min(difficulties[one] for one in (1, 2, 3)) >= 8


def test_some_speak_spanish() -> None:
    assert sum("es" in exercise.version.texts for exercise in catalogue()) >= 6


@pytest.mark.parametrize("slug", sorted(GROUNDING))
def test_grounding_asks_nothing_of_anybody(slug: str) -> None:
    exercise = next(one for one in catalogue() if one.slug == slug)
    assert (exercise.kind, exercise.areas[0], exercise.difficulty) == ("skill", "nervous-system", 1)
    assert exercise.version.minutes <= 5
    assert not any(field.required for field in exercise.version.form.fields)
    assert exercise.version.texts.keys() == {"en", "es"}


def test_having_sat_with_it_is_enough_after_a_session() -> None:
    form = next(one for one in catalogue() if one.slug == "after-the-session").version.form
    assert {"stuck", "avoided", "learned"} <= {field.id for field in form.fields}
    assert check_answers(form, {"sat_with_it": True}, completed=True).errors == []


def test_the_constant_is_the_catalogue() -> None:
    assert library.SYSTEM_EXERCISES is catalogue()


def test_every_kind_of_field_is_in_use() -> None:
    used = {type(field) for exercise in catalogue() for field in exercise.version.form.fields}
    assert used == {*get_args(SingleField), Table, BodyRegions, Pair}


def test_no_two_ids_are_the_same() -> None:
    ids = [text for pair in IDS.values() for text in pair]
    assert len(set(ids)) == len(ids)


def test_files_are_named_after_their_slugs() -> None:
    names = {file.name for file in FOLDER.iterdir()}
    assert names == {f"{exercise.slug}.yaml" for exercise in catalogue()}


@pytest.mark.parametrize(
    ("part", "instead", "complaint"),
    [
        ("            own: A rhythm of my own\n", "", "differ in options"),
        ("            own: A rhythm", "            mine: A rhythm", "differ in options"),
        ("        discomfort_words:\n", "        other_words:\n", "differ in fields"),
        ("          high: Completely settled\n", "", "low and high"),
        ("areas: [nervous-system]", "areas: [astrology]", "unknown area"),
        ("id: 01a", "id: not-01a", "UUID"),
        ("      minimum:", "      maximum:", "minimum"),
        ("      not_for:", "      for:", "for"),
        (
            "safe_now, kind: yes_no, ",
            "safe_now, kind: yes_no, shown_when: {field: rhythm, equals: own}, ",
            "of everyone",
        ),
        ("attention_at: false, attention_level: urgent", "attention_at: true", "of everyone"),
        ("level: urgent", "level: soon", "urgent"),
        ("is told as soon as you", "knows when you", "say who is told"),
        ("Are you safe right now?", "", "and then ask"),
    ],
)
def test_a_file_that_does_not_hold_together(part: str, instead: str, complaint: str) -> None:
    text = (FOLDER / "paced-breathing-log.yaml").read_text(encoding="utf-8")
    assert part in text
    with pytest.raises(ValueError, match=complaint):
        read(text.replace(part, instead, 1))


@each
def test_words(exercise: Exercise) -> None:
    for texts in exercise.version.texts.values():
        said = list(spoken(texts.model_dump()))
        assert len(said) > 15
        assert [text for text in said if FORBIDDEN.search(text)] == []


@each
def test_english_is_there(exercise: Exercise) -> None:
    assert "en" in exercise.version.texts


@each
def test_nothing_is_left_untranslated(exercise: Exercise) -> None:
    said = [set(spoken(texts.model_dump())) for texts in exercise.version.texts.values()]
    assert len(set.union(*said)) == sum(len(words) for words in said)


@each
def test_labels_of_one_field_differ(exercise: Exercise) -> None:
    for texts in exercise.version.texts.values():
        for words in texts.fields.values():
            assert len(set(words.options.values())) == len(words.options)


@each
def test_another_language_has_help_where_english_has(exercise: Exercise) -> None:
    shapes = [
        {name: words.help is None for name, words in texts.fields.items()}
        for texts in exercise.version.texts.values()
    ]
    assert all(shape == shapes[0] for shape in shapes)


@each
def test_size(exercise: Exercise) -> None:
    fields = exercise.version.form.fields
    assert 5 <= len(fields) <= 11
    assert 2 <= exercise.version.minutes <= 40
    assert sum(field.required for field in fields) <= 4


@each
def test_there_is_room_for_own_words(exercise: Exercise) -> None:
    kinds = {field.kind for field in exercise.version.form.fields}
    assert not kinds.isdisjoint({"text", "long_text"})


@each
def test_a_field_about_safety_asks_for_attention(exercise: Exercise) -> None:
    fields = {field.id: field for field in exercise.version.form.fields}
    if safe := fields.get("safe_now"):
        assert getattr(safe, "attention_at", None) is False
        for locale, texts in exercise.version.texts.items():
            assert HELP_PAGE[locale] in (texts.fields["safe_now"].help or "")


KINDS = {"origins", "emotional-processing", "nervous-system"}


@each
def test_an_exercise_asks_everyone_about_safety_and_says_first_who_is_told(
    exercise: Exercise,
) -> None:
    if exercise.slug in safety.WITHOUT:
        assert KINDS.isdisjoint(exercise.areas)
        assert "somatic" not in exercise.modalities
        return
    [safe] = (field for field in exercise.version.form.fields if field.id == "safe_now")
    assert isinstance(safe, YesNo)
    assert (safe.shown_when, safe.attention_at, safe.level) == (None, False, "urgent")
    for locale, texts in exercise.version.texts.items():
        told, question = texts.fields["safe_now"].label.rsplit(". ", 1)
        assert all(words[locale] in told for words in (THERAPIST, HELP_PAGE, NOBODY))
        assert question == ASKED[locale]
        assert texts.not_for


def test_what_does_not_ask_about_safety_is_listed_with_a_reason() -> None:
    asks = {one.slug for one in catalogue() if "safe_now" in one.version.texts["en"].fields}
    assert {one.slug for one in catalogue()} - asks == safety.WITHOUT.keys()
    assert all(len(reason) > 40 for reason in safety.WITHOUT.values())


def test_a_past_that_frightened_asks_for_no_attention_and_a_present_that_does_asks_soon() -> None:
    form = next(one for one in catalogue() if one.slug == "family-map").version.form
    people = [{"who": "an uncle", "between_us": "frightening"}]
    then = check_answers(form, {"people": people, "afraid_now": False}, completed=False)
    now = check_answers(form, {"people": people, "afraid_now": True}, completed=False)
    assert (then.attention, now.attention) == ([], ["afraid_now"])
    assert now.attention_level == "soon"


def test_json_schema_says_whom_an_exercise_is_not_for() -> None:
    version = next(one for one in catalogue() if one.slug == "body-scan").version
    described = json_schema(version.form, version.texts["en"])
    assert described["x-not-for"] == version.texts["en"].not_for


def test_a_light_day_may_be_unsafe() -> None:
    form = next(one for one in catalogue() if one.slug == "daily-emotion-check").version.form
    said = {"emotions": ["calm"], "weight": 1, "safe_now": False}
    checked = check_answers(form, said, completed=True)
    assert (checked.errors, checked.kept_hidden) == ([], [])
    assert checked.attention_level == "urgent"


@each
@settings(max_examples=10)
@given(st.data())
def test_a_full_answer_validates(exercise: Exercise, data: st.DataObject) -> None:
    form = exercise.version.form
    checked = check_answers(form, data.draw(full(form)), completed=True)
    assert checked.errors == []
    for texts in exercise.version.texts.values():
        assert jsonschema_rs.is_valid(json_schema(form, texts), checked.answers)


@each
def test_a_form_survives_its_own_json(exercise: Exercise) -> None:
    dumped = exercise.version.model_dump_json(exclude_none=True)
    assert type(exercise.version).model_validate_json(dumped) == exercise.version
