"""The three programs must say the same, or comparing their cost means nothing."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

OWN: Final = frozenset(
    {
        "submission_id",
        "occurrence_id",
        "received_at",
        "valid_until",
        "cursor",
        "server_time",
        "client_key",
    }
)
"""Members that differ from one answer to the next."""


class Different(Exception):
    """Two programs answered the same request differently; the message says where."""


def same(operation: str, bodies: Mapping[str, str]) -> None:
    """Raises Different unless all programs answered alike, instants by what they mean."""
    shapes = {name: _shape(json.loads(body)) for name, body in bodies.items()}
    for name, shape in shapes.items():
        where = _difference(shapes["limit"], shape, operation)
        if where is not None:
            raise Different(f"limit and {name} differ: {where}")


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        # A result's `id` is that of what this program has just made.
        own = OWN | {"id"} if "receipt" in value else OWN
        return {
            name: "…" if name in own else _shape(inner)
            for name, inner in value.items()
            if inner is not None or name in own
        }
    if isinstance(value, list):
        return [_shape(one) for one in value]
    if isinstance(value, str) and value[4:5] == "-" and "T" in value:
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            return value
    return value


def _difference(one: Any, other: Any, where: str) -> str | None:
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return f"{where} has {sorted(one.keys() ^ other.keys())} on one side only"
        found = (_difference(one[name], other[name], f"{where}.{name}") for name in one)
        return next((found_here for found_here in found if found_here), None)
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        found = (_difference(a, b, f"{where}[]") for a, b in zip(one, other, strict=True))
        return next((found_here for found_here in found if found_here), None)
    return None if one == other else f"{where}: {one!r} is not {other!r}"
