"""What a request asks, read by the fields that its operation's description is made from.

FastAPI declares these fields and describes them; reading them here, instead of by its general
machinery for dependencies, headers, cookies and forms, halves what the frame costs.
"""

from collections.abc import Awaitable, Callable
from itertools import islice
from typing import Any, Final, get_args, get_origin

import orjson
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from pydantic import TypeAdapter
from starlette.requests import Request
from starlette.responses import Response

from app.operation import json_text
from app.operation.query_strings import spelling
from app.operation.validation import MOST_ERRORS, validated

_UNREAD: Final = (
    "header_params", "cookie_params", "dependencies", "response_param_name",
    "background_tasks_param_name", "security_scopes_param_name",
)  # fmt: skip

LARGE: Final = 64 * 1024
"""Bytes of a body that take milliseconds to read."""
_READS: Final = ("GET", "HEAD")
_NOTHING: Final = (b"", b"{}", b"null")
"""Bodies that an operation without one may be sent; any other would be lost in silence."""


class Asked:
    """Reads the path, the query and the body of one operation's requests, and calls it."""

    __slots__ = (
        "_adapter",
        "_apart",
        "_body",
        "_call",
        "_defaults",
        "_path",
        "_query",
        "_raw",
        "_takes_request",
    )

    def __init__(self, dependant: Dependant, *, raw: bool = False) -> None:
        """`raw`: the endpoint reads the body itself. Raises TypeError for one that asks for
        anything else."""
        unread: list[str] = [name for name in _UNREAD if getattr(dependant, name)]
        unread += [f.alias for f in dependant.query_params if _repeats(f.field_info.annotation)]
        unread += [field.alias for field in dependant.body_params[1:]]
        if unread or dependant.call is None:
            raise TypeError(f"more than path, query and one body, each once: {unread}")
        self._call: Callable[..., Awaitable[Response]] = dependant.call
        self._takes_request = dependant.request_param_name
        self._raw = raw
        self._path = tuple((one.alias, one.name, one) for one in dependant.path_params)
        self._query = tuple(
            (one.alias, one.name, one, spelling(one.field_info.annotation))
            for one in dependant.query_params
        )
        self._body = dependant.body_params[0] if dependant.body_params else None
        model: Any = self._body.field_info.annotation if self._body else None
        self._adapter: TypeAdapter[Any] = TypeAdapter(model)
        self._apart: frozenset[str] = getattr(model, "checked_apart", frozenset())
        optional = [one for one in dependant.query_params if not one.field_info.is_required()]
        self._defaults = {one.name: one.default for one in optional}

    def read_as(self, said: Any) -> Any:
        """What a parsed body is to the operation; itself where it is not as it should be."""
        if self._body is None:
            return said
        value, wrong = validated(self._adapter, said)
        return said if wrong else value

    async def answer(self, request: Request) -> Response:
        """The endpoint's answer. Raises RequestValidationError for what it cannot be asked."""
        values = self._defaults.copy()
        errors: list[Any] = []
        said = None
        for alias, name, field in self._path:
            given = request.path_params[alias]
            values[name], wrong = field.validate(given, {}, loc=("path", alias))
            errors += wrong
        if len(self._query) > len(self._defaults) or request.scope.get("query_string"):
            self._read_query(request, values, errors)
        if self._body is not None:
            said = await self._read_body(request, values, errors)
        elif not (self._raw or request.method in _READS or await _says_nothing(request)):
            errors.append({"type": "body_unread", "loc": ("body",), "msg": ""})
        if errors:
            raise RequestValidationError(errors, body=said)
        if self._takes_request is not None:
            values[self._takes_request] = request
        return await self._call(**values)

    def _read_query(self, request: Request, values: dict[str, Any], errors: list[Any]) -> None:
        given = request.query_params
        for alias, name, field, spelled in self._query:
            if alias in given:
                values[name], wrong = field.validate(given[alias], {}, loc=("query", alias))
                if spelled is not None and not (wrong or spelled[0].fullmatch(given[alias])):
                    errors.append({"type": spelled[1], "loc": ("query", alias), "msg": ""})
                errors += wrong
            elif name not in self._defaults:
                errors.append(_missing(("query", alias)))

    async def _read_body(self, request: Request, values: dict[str, Any], errors: list[Any]) -> Any:
        """The body as it was sent, once it is parsed."""
        field, raw = self._body, await request.body()
        assert field is not None
        if not raw:
            if field.field_info.is_required():
                errors.append(_missing(("body",)))
            else:
                values[field.name] = field.default
            return None
        if len(raw) <= LARGE:
            return self._parse(raw, values, errors)
        async with request.app.state.house.turn:
            return self._parse(raw, values, errors)

    def _parse(self, raw: bytes, values: dict[str, Any], errors: list[Any]) -> Any:
        field = self._body
        assert field is not None
        try:
            # Strict: UTF-8 only, no NaN.
            said, is_doubtful = json_text.parsed(raw)
        except orjson.JSONDecodeError as malformed:
            raise RequestValidationError(
                [{"type": "json_invalid", "loc": ("body", malformed.pos), "msg": "", "input": {}}]
            ) from None
        if is_doubtful and (unstorable := self._unstorable(said)):
            raise RequestValidationError([*errors, *unstorable], body=said)
        values[field.name], wrong = validated(self._adapter, said, "body")
        errors += wrong
        return said

    def _unstorable(self, said: Any) -> list[Any]:
        """An error for each text that cannot be stored, where the endpoint does not look itself."""
        if self._apart and isinstance(said, dict):
            said = {name: value for name, value in said.items() if name not in self._apart}
        places = islice(json_text.unstorable(said), MOST_ERRORS)
        return [{"type": "string_unicode", "loc": ("body", *one), "msg": ""} for one in places]


async def _says_nothing(request: Request) -> bool:
    return (await request.body()).strip() in _NOTHING


def _repeats(annotation: Any) -> bool:
    """Whether a parameter of this type could be given several times."""
    several = get_origin(annotation) in (list, tuple, set, frozenset)
    return several or any(_repeats(inner) for inner in get_args(annotation))


def _missing(place: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "missing", "loc": place, "msg": "Field required", "input": None}
