"""How overviews show things of other rooms: a client by name, an exercise by title."""

from typing import Any, Final

from sqlalchemy import ColumnElement, and_

from app.clients.models import Client
from app.homework.models import Assignment
from app.library import languages
from app.library.models import ExerciseVersion
from app.operation.work import Row

EXERCISE: Final = languages.in_each(ExerciseVersion.texts, languages.OF_PRACTICE).label("exercise")
"""An exercise to be shown to staff by title: `exercise` of a row that has it."""
MY_EXERCISE: Final = languages.in_each(
    ExerciseVersion.texts, languages.OF_CLIENT, languages.OF_PRACTICE
).label("exercise")
"""The same for the client acted for, in their language."""

CLIENT: Final = (Client.id.label("client_id"), Client.words.label("client_words"))
"""A client to be shown by name: `client` of a row that has them."""

ASSIGNMENT: Final = (
    Assignment.id.label("assignment_id"),
    Assignment.client_id.label("assigned_to"),
    Assignment.words.label("assigned"),
)
"""An assignment to be shown by title: `assignment` of a row that has them."""


def client_of(table: Any) -> ColumnElement[bool]:
    """The client whose row of `table` it is."""
    return and_(Client.practice_id == table.practice_id, Client.id == table.client_id)


def assignment_of(table: Any) -> ColumnElement[bool]:
    """The assignment a row of `table` belongs to."""
    return and_(
        Assignment.practice_id == table.practice_id,
        Assignment.client_id == table.client_id,
        Assignment.id == table.assignment_id,
    )


def version_of(table: Any) -> ColumnElement[bool]:
    """The exercise version a row of `table` names."""
    return and_(
        ExerciseVersion.practice_id == table.library_id,
        ExerciseVersion.id == table.exercise_version_id,
    )


def client(row: Row) -> str:
    """What the client is called: the preferred name, or the legal one. Taken out of the row."""
    words: dict[str, str | None] = row.pop("client_words").value
    return words["preferred_name"] or words["legal_name"] or ""


def assignment(row: Row) -> str | None:
    """The assignment's title, None without one. Taken out of the row, but for its id."""
    words = row.pop("assigned")
    del row["assigned_to"]
    return str(words.value["title"]) if words else None


def exercise(row: Row) -> str | None:
    """The exercise's title, in the language that suits best; None without one. Taken out of the
    row."""
    return languages.chosen(row.pop("exercise")).get("title")
