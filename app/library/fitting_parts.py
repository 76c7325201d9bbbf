"""Whether an answer fits its field, of any kind: those of several parts, part by part."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from app.library import fitting
from app.library.attention import AttentionLevel, worst
from app.library.composed import AnyField, BodyRegions, Column, Pair, Table
from app.library.fields import SLUG, Answer
from app.library.fitting import Misfit
from app.library.regions import REGIONS

ENDS: Final = ("before", "after")
INTENSITY: Final = (0, 10)

_MISFITS_NAMED: Final = 20


def is_blank(field: AnyField, value: object) -> bool:
    """Whether a value counts as no answer: nothing in it, or nothing in any part of it."""
    match field:
        case Table():
            return value is None or (
                isinstance(value, list)
                and len(value) <= field.max_rows
                and all(_is_blank_row(field, row) for row in value)
            )
        case BodyRegions():
            return value is None or value == {}
        case Pair():
            return value is None or (
                isinstance(value, dict)
                and value.keys() <= set(ENDS)
                and all(one is None for one in value.values())
            )
        case _:
            return fitting.is_blank(field, value)


def fit(field: AnyField, value: object, *, completed: bool) -> Answer:
    """The value in canonical form: parts left blank are left out. Raises Misfit."""
    match field:
        case Table():
            return _table(field, value, completed)
        case BodyRegions():
            return _regions(field, value)
        case Pair():
            return _pair(field, value, completed)
        case _:
            return fitting.fit(field, value, completed=completed)


def attention(field: AnyField, answer: Answer) -> AttentionLevel | None:
    """Return the level at which a canonical answer, or the worst part of it, asks for attention."""
    match field, answer:
        case Table(), list():
            return worst(
                fitting.attention(column, row[column.id])
                for row in answer
                for column in field.columns
                if column.id in row
            )
        case BodyRegions(), dict():
            felt = (part.get("intensity") for part in answer.values())
            return _reached(field, (one for one in felt if one is not None))
        case Pair(), dict():
            return _reached(field, answer.values())
        case ((Table() | BodyRegions() | Pair()), _):
            return None
        case _:
            return fitting.attention(field, answer)


def _reached(field: BodyRegions | Pair, values: Iterable[float]) -> AttentionLevel | None:
    limit = field.attention_at
    asks = limit is not None and any(limit.reached(one) for one in values)
    return field.level if asks else None


def named(key: object) -> str:
    """The pointer to an unknown member, when it looks like an id: it can hold a client's words."""
    is_id = isinstance(key, str) and len(key) <= 40 and re.fullmatch(SLUG, key)
    return f"/{key}" if is_id else ""


def _table(field: Table, value: object, completed: bool) -> list[dict[str, Any]]:
    if not isinstance(value, list):
        raise Misfit("form.wrong_type", "must be a list of rows")
    if len(value) > field.max_rows:
        raise Misfit("form.too_many", f"may have at most {field.max_rows} rows")
    rows: list[dict[str, Any]] = []
    wrong: list[Misfit] = []
    for number, row in enumerate(value):
        if _is_blank_row(field, row):
            continue
        rows.append({})
        wrong += islice(_row(field, row, rows[-1], f"/{number}", completed), _MISFITS_NAMED)
    _demand_none(wrong)
    if completed and len(rows) < field.min_rows:
        raise Misfit("form.too_few", f"needs at least {field.min_rows} rows")
    return rows


def _row(
    field: Table, row: object, kept: dict[str, Any], at: str, completed: bool
) -> Iterator[Misfit]:
    """Fills `kept`; yields what does not fit."""
    if not isinstance(row, dict):
        yield Misfit("form.wrong_type", "must be an object, keyed by column", at)
        return
    for column in field.columns:
        value = row.get(column.id)
        if fitting.is_blank(column, value):
            if completed and column.required:
                yield Misfit("form.required", "needs an answer", f"{at}/{column.id}")
            continue
        try:
            kept[column.id] = fitting.fit(column, value, completed=completed)
        except Misfit as misfit:
            yield Misfit(misfit.code, misfit.rule, f"{at}/{column.id}")
    yield from _unknown(row, [column.id for column in field.columns], at)


def _is_blank_row(field: Table, row: object) -> bool:
    if not isinstance(row, dict):
        return False
    columns: dict[str, Column] = {column.id: column for column in field.columns}
    return row.keys() <= columns.keys() and all(
        fitting.is_blank(columns[key], value) for key, value in row.items()
    )


def _regions(field: BodyRegions, value: object) -> dict[str, dict[str, Any]]:
    marked = _object(value, "must be an object, keyed by body region")
    asked = ("intensity",) * field.intensity + ("sensation",) * bool(field.sensations)
    kept: dict[str, dict[str, Any]] = {}
    wrong = list(_unknown(marked, REGIONS, ""))
    for region in REGIONS:
        if region not in marked:
            continue
        at = f"/{region}"
        part, kept[region] = marked[region], {}
        if not isinstance(part, dict):
            wrong.append(Misfit("form.wrong_type", "must be an object", at))
            continue
        for name in asked:
            try:
                if part.get(name) is not None:
                    kept[region][name] = _felt(field, name, part[name])
            except Misfit as misfit:
                wrong.append(Misfit(misfit.code, misfit.rule, f"{at}/{name}"))
        wrong += _unknown(part, asked, at)
    _demand_none(wrong)
    return kept


def _felt(field: BodyRegions, name: str, value: object) -> int | float | str:
    if name == "intensity":
        return fitting.whole(value, *INTENSITY)
    return fitting.option(field.sensations, value)


def _pair(field: Pair, value: object, completed: bool) -> dict[str, int | float]:
    given = _object(value, "must be an object with before and after")
    kept: dict[str, int | float] = {}
    wrong = list(_unknown(given, ENDS, ""))
    for end in ENDS:
        if given.get(end) is None:
            if completed and field.required:
                wrong.append(Misfit("form.required", "needs an answer", f"/{end}"))
            continue
        try:
            kept[end] = fitting.whole(given[end], field.min, field.max)
        except Misfit as misfit:
            wrong.append(Misfit(misfit.code, misfit.rule, f"/{end}"))
    _demand_none(wrong)
    return kept


def _object(value: object, rule: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Misfit("form.wrong_type", rule)
    return value


def _unknown(given: Mapping[str, Any], known: Iterable[str], at: str) -> Iterator[Misfit]:
    expected = set(known)
    for key in islice((key for key in given if key not in expected), _MISFITS_NAMED):
        yield Misfit("form.unknown_part", "has no part of this name", at + named(key))


def _demand_none(wrong: list[Misfit]) -> None:
    if wrong:
        first, *others = wrong[:_MISFITS_NAMED]
        raise Misfit(first.code, first.rule, first.at, tuple(others))
