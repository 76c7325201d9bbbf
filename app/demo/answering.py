"""What clients write: answers that fit the form of the exercise, made from the demo's words."""

from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any, Final

from app.demo import words
from app.demo.life import Life
from app.library.catalogue import Exercise, catalogue
from app.library.fields import Answer, Date, LongText, Number, Scale, Text
from app.library.forms import Checked, check_answers

KEEPS: Final = {"partial": 0.6, "attempted": 0.25}
"""How much of the page is there, where it is not all of it."""


@cache
def exercises() -> dict[str, Exercise]:
    """The shipped exercises, by slug."""
    return {one.slug: one for one in catalogue()}


def sheet(life: Life, exercise: str) -> words.Sheet:
    """A way to fill in the exercise that suits this client, and another one the next time."""
    known = words.sheets(exercise)
    suited = [one for one in known if life.one.theme in one.suits] or list(known)
    return suited[(life.number + life.given) % len(suited)]


def filled_in(
    life: Life, exercise: str, chosen: words.Sheet, on: date, outcome: words.Outcome
) -> dict[str, Answer]:
    """The answers for that day: dates made of days, numbers a little different each time, and
    only as much as the outcome says. None of them asks for attention."""
    if outcome == "not_ready":
        return {}
    plain = {name: _said(life, value) for name, value in chosen.answers.items()}
    form = exercises()[exercise].version.form
    for field in form.fields:
        if isinstance(field, Date) and field.id in plain:
            plain[field.id] = (on + timedelta(days=plain[field.id])).isoformat()
    varied = checked(exercise, plain | _varied(life.rng, exercise, plain))
    answers = (checked(exercise, plain) if varied.attention else varied).answers
    kept = max(1, round(len(answers) * KEEPS.get(outcome, 1)))
    answers = dict(list(answers.items())[:kept])
    if outcome == "partial":
        _add(answers, exercise, life.rng.choice(words.phrases().partial_words))
    return answers


def only(exercise: str, text: str) -> dict[str, Answer]:
    """Nothing but these words, in the first field that takes them."""
    taking = (LongText, Text)
    fields = exercises()[exercise].version.form.fields
    field = next(one for one in fields if isinstance(one, taking) and one.shown_when is None)
    return {field.id: text[: field.max_length]}


def added(exercise: str, answers: dict[str, Answer], text: str) -> dict[str, Answer]:
    """The answers with these words after the last written ones."""
    more = dict(answers)
    _add(more, exercise, text)
    return more


def checked(exercise: str, answers: dict[str, Any], *, completed: bool = False) -> Checked:
    """The answers held against the form."""
    return check_answers(exercises()[exercise].version.form, answers, completed=completed)


def _add(answers: dict[str, Answer], exercise: str, text: str) -> None:
    for field in reversed(exercises()[exercise].version.form.fields):
        if isinstance(field, LongText | Text) and field.id in answers:
            answers[field.id] = f"{answers[field.id]} {text}"[: field.max_length]
            return


def _said(life: Life, value: Any) -> Any:
    return words.filled(value, life.slots) if isinstance(value, str) else value


def _varied(rng: Random, exercise: str, answers: dict[str, Any]) -> dict[str, int | float]:
    found: dict[str, int | float] = {}
    for field in exercises()[exercise].version.form.fields:
        value = answers.get(field.id)
        if isinstance(field, Scale) and isinstance(value, int):
            found[field.id] = min(max(value + rng.choice((-1, 0, 0, 1)), field.min), field.max)
        elif isinstance(field, Number) and isinstance(value, int | float) and field.step:
            moved = value + field.step * rng.choice((-1, 0, 1))
            found[field.id] = min(max(moved, field.min), field.max)
    return found
