"""Answers in the form that all that says the same shares, whatever becomes of them."""

from collections.abc import Mapping
from typing import Any

from app.library.fitting import Misfit
from app.library.fitting_parts import fit, is_blank
from app.library.forms import Form


def canonical_answers(form: Form | None, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers as the form's fields take them: options in the form's order, blank parts
    left out. Hidden fields are answered like others; what fits no field stays as it is."""
    fields = {field.id: field for field in form.fields} if form else {}
    kept: dict[str, Any] = {}
    for name, value in answers.items():
        field = fields.get(name)
        if field is None:
            kept[name] = value
        elif not is_blank(field, value):
            try:
                kept[name] = fit(field, value, completed=False)
            except Misfit:
                kept[name] = value
    return kept
