"""The first sixteen exercises: whole, addressed plainly, and answerable."""

import re
from collections import Counter
from collections.abc import Iterator
from importlib import resources

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.library import catalogue as library
from app.library.areas import AREAS
from app.library.catalogue import Exercise, catalogue, read
from app.library.describing import json_schema
from app.library.forms import check_answers
from tests.library.strategies import full

# Words kept out of everything a client reads, and the cheering they are spared.
FORBIDDEN = re.compile(
    r"!|\b(fail\w*|missed|non-?complian\w*|complian\w*|streaks?|rank\w*|percentiles?|grades?|scores?"
    r"|patients?|users?|amazing|awesome|congratulations|well done|great job|good job|proud)\b",
    re.IGNORECASE,
)

# Assignments and answers point at these for ever: a new version adds an id, none is replaced.
IDS = {
    "a-moment-on-my-timeline": (
        "01a2025e-a368-723a-843c-709f826bda27",
        "01a2025e-a369-753a-90f9-fefb78c057a5",
    ),
    "a-page-for-grief": (
        "01a2025e-a369-753a-90f9-fefcdb07451c",
        "01a2025e-a369-753a-90f9-fefdff7e39b2",
    ),
    "a-page-of-radical-acceptance": (
        "01a2025e-a369-753a-90f9-fefecbce155b",
        "01a2025e-a369-753a-90f9-feff4978ca8d",
    ),
    "choosing-a-new-response": (
        "01a2025e-a369-753a-90f9-ff00ffcc0c9d",
        "01a2025e-a369-753a-90f9-ff01110812fe",
    ),
    "daily-emotion-check": (
        "01a2025e-a369-753a-90f9-ff02e51510f6",
        "01a2025e-a369-753a-90f9-ff0388f700b0",
    ),
    "five-minute-noticing": (
        "01a2025e-a369-753a-90f9-ff040eff1726",
        "01a2025e-a369-753a-90f9-ff054d3b8b0e",
    ),
    "looking-back-at-an-interaction": (
        "01a2025e-a369-753a-90f9-ff06627e620b",
        "01a2025e-a369-753a-90f9-ff07207c7c34",
    ),
    "name-it-and-stay": (
        "01a2025e-a369-753a-90f9-ff08a01b56e5",
        "01a2025e-a369-753a-90f9-ff09a647d67b",
    ),
    "paced-breathing-log": (
        "01a2025e-a369-753a-90f9-ff0a54861121",
        "01a2025e-a369-753a-90f9-ff0b64ac1e3b",
    ),
    "plan-a-difficult-conversation": (
        "01a2025e-a369-753a-90f9-ff0c755f6fcb",
        "01a2025e-a369-753a-90f9-ff0d0f65c381",
    ),
    "say-no-without-over-explaining": (
        "01a2025e-a369-753a-90f9-ff0ec241b05d",
        "01a2025e-a369-753a-90f9-ff0f66b31303",
    ),
    "self-compassion-letter": (
        "01a2025e-a369-753a-90f9-ff1050df3c1c",
        "01a2025e-a369-753a-90f9-ff11abb3a7e5",
    ),
    "thought-record": (
        "01a2025e-a369-753a-90f9-ff1254e0b315",
        "01a2025e-a369-753a-90f9-ff1309ac4e80",
    ),
    "what-i-can-let-go-of": (
        "01a2025e-a369-753a-90f9-ff14e0b4df8e",
        "01a2025e-a369-753a-90f9-ff15818d1c6e",
    ),
    "what-i-needed-then-and-now": (
        "01a2025e-a369-753a-90f9-ff16bd947359",
        "01a2025e-a369-753a-90f9-ff17e77b97f1",
    ),
    "which-state-am-i-in": (
        "01a2025e-a369-753a-90f9-ff1855832ea0",
        "01a2025e-a369-753a-90f9-ff1946859d3d",
    ),
}

FOLDER = resources.files("app.library") / "exercises"

each = pytest.mark.parametrize("exercise", catalogue(), ids=lambda exercise: exercise.slug)


def texts_of(exercise: Exercise) -> Iterator[str]:
    for texts in exercise.version.texts.values():
        yield from (texts.title, texts.summary, texts.why, texts.instructions, texts.minimum)
        for words in texts.fields.values():
            yield from filter(None, (words.label, words.help, words.low, words.high))
            yield from words.options.values()


def test_ids_are_stable() -> None:
    assert {
        exercise.slug: (str(exercise.id), str(exercise.version.id)) for exercise in catalogue()
    } == IDS


def test_two_exercises_for_each_area() -> None:
    first = Counter(exercise.areas[0] for exercise in catalogue())
    assert first == dict.fromkeys(AREAS, 2)


def test_the_constant_is_the_catalogue() -> None:
    assert library.SYSTEM_EXERCISES is catalogue()


def test_every_kind_of_field_is_in_use() -> None:
    used = {field.kind for exercise in catalogue() for field in exercise.version.form.fields}
    assert used == {
        "text",
        "long_text",
        "number",
        "scale",
        "choice",
        "choices",
        "yes_no",
        "date",
        "time",
    }


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
    ],
)
def test_a_file_that_does_not_hold_together(part: str, instead: str, complaint: str) -> None:
    text = (FOLDER / "paced-breathing-log.yaml").read_text(encoding="utf-8")
    assert part in text
    with pytest.raises(ValueError, match=complaint):
        read(text.replace(part, instead, 1))


@each
def test_words(exercise: Exercise) -> None:
    texts = list(texts_of(exercise))
    assert len(texts) > 15
    assert [text for text in texts if FORBIDDEN.search(text)] == []


@each
def test_every_field_and_option_has_a_label(exercise: Exercise) -> None:
    words = exercise.version.texts["en"].fields
    for field in exercise.version.form.fields:
        assert words[field.id].label
        assert words[field.id].options.keys() == set(getattr(field, "options", ()))


@each
def test_labels_of_one_field_differ(exercise: Exercise) -> None:
    for words in exercise.version.texts["en"].fields.values():
        assert len(set(words.options.values())) == len(words.options)


@each
def test_size(exercise: Exercise) -> None:
    fields = exercise.version.form.fields
    assert 3 <= len(fields) <= 9
    assert 1 <= sum(field.required for field in fields) <= 4


@each
def test_a_field_about_safety_asks_for_attention(exercise: Exercise) -> None:
    fields = {field.id: field for field in exercise.version.form.fields}
    if safe := fields.get("safe_now"):
        assert getattr(safe, "attention_at", None) is False
        assert "help page" in (exercise.version.texts["en"].fields["safe_now"].help or "")


@each
@settings(max_examples=10)
@given(st.data())
def test_a_full_answer_validates(exercise: Exercise, data: st.DataObject) -> None:
    form, texts = exercise.version.form, exercise.version.texts["en"]
    checked = check_answers(form, data.draw(full(form)), completed=True)
    assert checked.errors == []
    assert jsonschema_rs.is_valid(json_schema(form, texts), checked.answers)


@each
def test_a_form_survives_its_own_json(exercise: Exercise) -> None:
    dumped = exercise.version.model_dump_json(exclude_none=True)
    assert type(exercise.version).model_validate_json(dumped) == exercise.version
