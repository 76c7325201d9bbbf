"""Whether what a client says fits the exercise that was assigned."""

from typing import Any

from app.core.errors import FieldError, Invalid
from app.homework import named_files
from app.library import service as library
from app.library.forms import Checked, Form, check_answers
from app.operation.work import Work


async def demand_version(work: Work, version_id: str, assigned_id: str) -> None:
    """Any version of the assigned exercise will do: the one assigned, an older or a newer one.

    Raises Invalid `homework.answers` for another exercise's.
    """
    if version_id != assigned_id and not await library.same_exercise(work, version_id, assigned_id):
        raise invalid([_ANOTHER])


async def checked(
    work: Work, version_id: str, assigned_id: str, answers: dict[str, Any], *, completed: bool
) -> tuple[Form, dict[str, Any], Checked]:
    """The form, the answers with their files named by id, and what is stored of them. Raises
    Invalid, naming every misfit."""
    await demand_version(work, version_id, assigned_id)
    form = await library.form(work, version_id)
    if form is None:
        raise invalid([_ANOTHER])
    said = await named_files.by_id(work, form, answers)
    found = check_answers(form, said, completed=completed)
    if found.errors:
        raise invalid(
            [
                {"pointer": one.pointer, "code": one.code, "detail": one.detail}
                for one in found.errors
            ]
        )
    return form, said, found


def invalid(errors: list[FieldError]) -> Invalid:
    """The refusal of what does not fit, and a word to the device that holds it."""
    return Invalid(
        "homework.answers",
        "Some answers do not fit the form. Correct those listed; nothing is lost on your side.",
        errors=errors,
    )


_ANOTHER: FieldError = {
    "pointer": "/exercise_version_id",
    "code": "homework.version",
    "detail": "This is not a version of the exercise that was assigned.",
}
