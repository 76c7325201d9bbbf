"""The words of the demo, read from the files in `words/`: made up, and nobody's."""

import re
from functools import cache
from importlib import resources
from random import Random
from typing import Annotated, Any, Final, Literal, TypeVar

import yaml
from pydantic import Field

from app.library.fields import Frozen

T = TypeVar("T")
Phase = Literal["begins", "turns", "carries"]
Outcome = Literal["completed", "partial", "attempted", "not_ready"]
Some = Annotated[tuple[T, ...], Field(min_length=1)]

BOSSES: Final = ("my manager", "my supervisor", "my team lead")
CLOSE: Final = ("my sister", "my brother", "my mother", "my oldest friend", "my neighbour")
_FIRST: Final = re.compile(r"(^|[.?] +)\{(\w+)\}")
PLACES: Final = ("the office", "the shop", "the clinic", "the workshop")


class Aim(Frozen):
    """A goal in a client's words."""

    statement: str
    current: str
    ideal: str
    areas: list[str]


class Task(Frozen):
    """An exercise, and why this therapist suggests it to this client."""

    exercise: str
    why: str


class Theme(Frozen):
    """What brings somebody, and how it goes on: in the beginning, at the turn, and after.

    `opening`: how they came, where that is not as for anybody else.
    """

    focus: Some[str]
    goals: Some[Aim]
    homework: Some[Task]
    begins: Some[str]
    turns: Some[str]
    carries: Some[str]
    understood: dict[Phase, Some[str]]
    opening: tuple[str, ...] = ()


class Sheet(Frozen):
    """One way to fill in an exercise. A date is given as days from the day of writing."""

    suits: tuple[str, ...] = Field(alias="for")
    answers: dict[str, Any]


class Phrases(Frozen):
    """What therapists write whatever the theme is, and the small words of clients."""

    objective: dict[str, Some[str]]
    plan: Some[str]
    risk: Some[str]
    opening: Some[str]
    agreed: str
    absent: Some[str]
    comments: dict[Outcome, Some[str]]
    team: Some[str]
    partial_words: Some[str]
    decline_words: dict[str, str]
    again: str
    hold_reason: str
    unsafe_words: str
    worse_words: str
    second_thoughts: str


@cache
def theme(name: str) -> Theme:
    """The theme of that name."""
    return Theme.model_validate(read(f"themes/{name}.yaml"))


@cache
def sheets(exercise: str) -> tuple[Sheet, ...]:
    """Every way to fill in that exercise."""
    return tuple(Sheet.model_validate(one) for one in read(f"answers/{exercise}.yaml"))


@cache
def phrases() -> Phrases:
    """The words that fit any theme."""
    return Phrases.model_validate(read("notes.yaml"))


def read(name: str) -> Any:
    """The content of one file of words."""
    file = resources.files("app.demo") / "words" / name
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def slots(rng: Random) -> dict[str, str]:
    """Who and what the words of one client mean by `{boss}`, `{close}` and `{work}`."""
    return {"boss": rng.choice(BOSSES), "close": rng.choice(CLOSE), "work": rng.choice(PLACES)}


def filled(text: str, slots: dict[str, str], *, by_therapist: bool = False) -> str:
    """The text with its slots filled in, as the client or the therapist would say it."""
    values = slots
    if by_therapist:
        values = {name: value.replace("my ", "the ") for name, value in slots.items()}

    def first(found: re.Match[str]) -> str:
        value = values[found[2]]
        return f"{found[1]}{value[0].upper()}{value[1:]}"

    return _FIRST.sub(first, text).format_map(values)
