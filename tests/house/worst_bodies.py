"""The most expensive bodies of 1 MiB that an operation's own schema leads to."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any, Final

import orjson

LARGEST: Final = 1024 * 1024
MANY: Final = 24_000
"""Members or elements: with their values just under what a body may hold."""
DEEPEST: Final = 6

Schema = dict[str, Any]
Path = tuple[str | int, ...]


class Bodies:
    """Bodies made from `known`, the description's schemas, around a `base` that is well-formed."""

    def __init__(self, known: dict[str, Schema], schema: Schema, base: dict[str, Any]) -> None:
        self._known = known
        self._schema = schema
        self._base = base

    def worst(self) -> Iterator[tuple[str, bytes]]:
        """Each with the name of what is wrong with it."""
        yield "unknown members", self._with((), self._base | _members(MANY))
        yield "one member many times", b'{"a":1' + b',"a":1' * MANY + b"}"
        yield "cut off", self._with((), _members(MANY))[:-1]
        yield "half a character", self._with((), _members(MANY))[:-1] + b',"a":"\\ud83d"}'
        yield "deep", b'{"a":' + b"[" * 31 + b"{}," * MANY + b"{}" + b"]" * 31 + b"}"
        yield "everything at its largest", self._with((), self._base | self._largest(self._schema))
        tried: set[str] = set()
        for path, schema in self._places(self._schema, (), ()):
            # One of each kind of place will do: a text of at most 200 is refused like one of 100.
            kind = repr(
                schema
                if "properties" in schema or "items" in schema
                else [
                    schema.get(name)
                    for name in ("type", "format", "pattern", "additionalProperties")
                ]
            )
            if kind in tried:
                continue
            tried.add(kind)
            where = "/".join(map(str, path))
            for name, value in _values(schema):
                yield f"{where}: {name}", self._with(path, value)
            if schema.get("type") == "array":
                item = self._largest(schema.get("items", {}))
                size = len(orjson.dumps(item)) + 1
                most = min(schema.get("maxItems", MANY), (LARGEST - 4000) // size, MANY)
                yield f"{where}: {most} of its largest", self._with(path, [item] * most)

    def _with(self, path: Path, value: Any) -> bytes:
        """The base with this value there; what leads there is made where it is missing."""
        if not path:
            return orjson.dumps(value)[:LARGEST]
        whole = dict(self._base)
        here: Any = whole
        for step, onward in pairwise(path):
            fresh: Any = [] if isinstance(onward, int) else {}
            if isinstance(here, list):
                here.append(fresh)
                here = fresh
            else:
                here[step] = fresh
                here = fresh
        if isinstance(here, list):
            here.append(value)
        else:
            here[path[-1]] = value
        return orjson.dumps(whole)

    def _places(
        self, schema: Schema, path: Path, seen: tuple[str, ...]
    ) -> Iterator[tuple[Path, Schema]]:
        for one, names in self._alternatives(schema, seen):
            if path:
                yield path, one
            if len(path) >= DEEPEST:
                continue
            for name, member in one.get("properties", {}).items():
                yield from self._places(member, (*path, name), names)
            if "items" in one:
                yield from self._places(one["items"], (*path, 0), names)

    def _alternatives(
        self, schema: Schema, seen: tuple[str, ...]
    ) -> Iterator[tuple[Schema, tuple[str, ...]]]:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if name not in seen:
                yield from self._alternatives(self._known[name], (*seen, name))
            return
        several = schema.get("anyOf") or schema.get("oneOf")
        for one in several or ():
            yield from self._alternatives(one, seen)
        if not several:
            yield schema, seen

    def _largest(self, schema: Schema, depth: int = 0) -> Any:
        """A value of this schema, as large as it allows, up to 20,000 bytes."""
        found = [one for one, _ in self._alternatives(schema, ()) if one.get("type") != "null"]
        one = found[-1] if found else {}
        if "const" in one:
            return one["const"]
        if "enum" in one:
            return one["enum"][-1]
        match one.get("type"):
            case "object" if one.get("properties") and depth < DEEPEST:
                return {k: self._largest(v, depth + 1) for k, v in one["properties"].items()}
            case "object":
                return _members(200)
            case "array":
                item = self._largest(one.get("items", {}), depth + 1)
                size = len(orjson.dumps(item)) + 1
                return [item] * max(1, min(one.get("maxItems", 100), 20_000 // size))
            case "integer" | "number":
                return one.get("maximum", 10**15)
            case "boolean":
                return True
            case _:
                return _text(one)


def _values(schema: Schema) -> Iterator[tuple[str, Any]]:
    match schema.get("type"):
        case "string":
            yield "long", "a_" * ((LARGEST - 4000) // 2)
        case "array":
            yield "many empty objects", [{}] * MANY
            yield "many of many members", [{f"k{n}": n for n in range(50)}] * (MANY // 51)
        case "object" if "properties" not in schema:
            yield "many members", _members(MANY)
            yield "many rows", {"rows": [{}] * MANY}
        case "object":
            yield "unknown members", _members(MANY)
        case "integer" | "number":
            yield "large", 2**64 - 1
        case None if not schema.keys() & {"const", "enum", "$ref"}:
            yield "anything", [{"a": [[{}]]}] * (MANY // 4)


@cache
def _members(many: int) -> dict[str, Any]:
    return {f"k{number:06}": number for number in range(many)}


def _text(schema: Schema) -> str:
    usual = {
        "uuid": "01890000-0000-7000-8000-000000000000",
        "date": "2027-02-01",
        "date-time": "2026-11-26T09:00:00+01:00",
    }.get(schema.get("format", ""))
    return usual or "x" * min(int(schema.get("maxLength", 20_000)), 20_000)
