"""How refusals look: validation errors without the values, and those an operation documents."""

import inspect
from collections.abc import Callable, Sequence
from typing import Any, Final, cast

import structlog
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field

from app.core.errors import FieldError, Invalid, Problem, sentence
from app.operation.marks import Mark

BUSY: Final = frozenset({"55P03", "57014", "53300"})
"""Lock not available, statement cancelled, too many connections: well again in a moment."""

_SAID: Final = {
    "missing": "This field is needed.",
    "extra_forbidden": "There is no such field here.",
    "too_many_errors": "There are {count} errors here, and only {most} would be named. Compare it"
    " with the description, and send it again.",
    "body_unread": "This operation takes no body, and would lose what it says.",
    "uuid_parsing": "This is not an id (a UUID).",
    "uuid_type": "This is not an id (a UUID).",
    "json_invalid": "The body is not well-formed JSON.",
    "model_attributes_type": "This is not a JSON object.",
    "date_from_datetime_parsing": "This is not a date, such as 2026-03-01.",
    "date_parsing": "This is not a date, such as 2026-03-01.",
    "datetime_parsing": "This is not an instant, such as 2026-03-01T09:00:00+01:00.",
    "datetime_from_date_parsing": "This is not an instant, such as 2026-03-01T09:00:00+01:00.",
    "timezone_aware": "An instant needs its offset, such as +01:00 or Z.",
    "string_pattern_mismatch": "This text does not have the form that is asked for.",
    "string_unicode": "This text holds half of a character, or the NUL character, and cannot be"
    " stored. Take that out and send it again.",
    "enum": "Give one of these: {expected}.",
    "union_tag_invalid": "Give one of these: {expected_tags}.",
    "union_tag_not_found": "Say of which `kind` this is.",
    "literal_error": "Give one of these: {expected}.",
    "string_type": "This is not a text.",
    "bool_type": "This is neither true nor false.",
    "bool_parsing": "This is neither true nor false.",
    "int_type": "This is not a whole number.",
    "int_parsing": "This is not a whole number.",
    "int_from_float": "This is not a whole number.",
    "list_type": "This is not a list.",
    "dict_type": "This is not a JSON object.",
    "model_type": "This is not a JSON object.",
    "greater_than_equal": "This is {ge} or more.",
    "less_than_equal": "This is {le} or less.",
    "string_too_short": "Write {min_length} or more characters here.",
    "string_too_long": "Write {max_length} characters at most here.",
    "too_short": "Give {min_length} or more here.",
    "too_long": "Give {max_length} at most here.",
}

_SEEN: Final = r'^(\*|(W/)?"v[1-9][0-9]{0,8}(\.[0-9a-f]{16})?")$'
_TAGS: Final = r'^(\*|(W/)?"[!#-~]{1,64}"(, (W/)?"[!#-~]{1,64}"){0,9})$'

_log = structlog.get_logger("praxis.fault")


class FieldProblem(BaseModel):
    """One field's error; the value sent is never repeated."""

    pointer: str | None = Field(default=None, description="JSON pointer into the body")
    parameter: str | None = Field(default=None, description="name of a path or query parameter")
    code: str
    detail: str


class ProblemOut(BaseModel):
    """A refusal (RFC 9457). `code` is stable; `detail` says what to do next.

    Some say more, in members of their own: `contexts` to choose from (accounts.choose_context),
    the `receipt` of what is stored (client_key.other_body), `state` and where it may go from
    there, `allowed` (….state), `current_version` (versions.stale).
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: list[FieldProblem] | None = None


def invalid(failure: RequestValidationError) -> Problem:
    """The 422 for what FastAPI found; it names fields and rules, never values."""
    return Invalid(
        "wire.invalid",
        "Some fields are not as they should be. Correct those listed and send it again.",
        errors=[_field(error, failure.body) for error in failure.errors()[:100]],
    )


def _field(error: dict[str, Any], body: object) -> FieldError:
    kind = str(error["type"])
    place: Sequence[Any] = error["loc"]
    said = _said(kind, error)
    shown: Any = {"code": f"wire.{kind}", "detail": said[:300]}
    if place and place[0] == "body":
        within = _within(place[1:], body)
        parts = [str(part).replace("~", "~0").replace("/", "~1")[:80] for part in within]
        pointer = "" if kind == "json_invalid" else "".join(f"/{part}" for part in parts)
        return cast(FieldError, {"pointer": pointer} | shown)
    return cast(FieldError, {"parameter": str(place[-1])[:80]} | shown)


def _within(place: Sequence[Any], body: object) -> list[Any]:
    """The parts of an error's place that are parts of the body.

    Others say which member of a union was tried, or that a key itself is wrong.
    """
    if not isinstance(body, dict | list):
        return [*place]
    kept: list[Any] = []
    here: Any = body
    for part in place:
        named = isinstance(here, dict) and part in here
        if named or (isinstance(here, list) and part in range(len(here))):
            here = here[part]
        elif not isinstance(here, dict) or part in ("[key]", here.get("kind")):
            continue
        kept.append(part)
    return kept


def _said(kind: str, error: dict[str, Any]) -> str:
    if kind == "value_error":
        return sentence(str(error["msg"]).removeprefix("Value error, "))
    known = {name: _listed(value) for name, value in (error.get("ctx") or {}).items()}
    return _SAID.get(kind, str(error["msg"])).format_map(known)


def _listed(value: object) -> object:
    """The values of a list as pydantic writes it, without their quotes."""
    return value.replace("'", "") if isinstance(value, str) else value


def document(path: str, endpoint: Callable[..., Any], mark: Mark, options: dict[str, Any]) -> None:
    """Add to a route's options what it can refuse with, and who may call it."""
    methods: set[str] = set(options.get("methods") or ())
    write = bool(methods & {"POST", "PUT", "PATCH", "DELETE"})
    statuses = {400: "Bad request", 422: "Not acceptable", 429: "Too many", 503: "Not just now"}
    if mark.permission is not None:
        statuses |= {401: "Not signed in", 403: "Not for this role", 404: "Not visible"}
    else:
        statuses |= {401: "Not accepted", 404: "Not found"}
    if write:
        taken = (mark.takes or "JSON").replace(", ", " or ")
        statuses |= {
            408: "Took too long to arrive",
            409: "Wrong state",
            413: "Too large",
            415: f"Not {taken}",
        }
    if mark.versioned:
        statuses |= {412: "Changed since you read it", 428: "Say which version you saw"}
    documented = {
        status: {
            "description": words,
            "content": {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemOut"}}
            },
        }
        for status, words in statuses.items()
    }
    if "GET" in methods and mark.permission is not None:
        documented[304] = {"description": "You already have this"}
    given = options.get("responses") or {}
    options["responses"] = documented | {
        status: documented.get(status, {}) | said for status, said in given.items()
    }
    extra: dict[str, Any] = dict(options.get("openapi_extra") or {})
    extra["parameters"] = _headers(path, methods, mark) + extra.get("parameters", [])
    said = options.get("description") or inspect.cleandoc(endpoint.__doc__ or "")
    options["summary"] = " ".join(said.partition(".")[0].split())
    if mark.permission is not None:
        extra["security"] = [{"bearer": [mark.permission.value]}]
        extra["x-permission"] = mark.permission.value
        options["description"] = f"{said}\n\nPermission: `{mark.permission.value}`."
    else:
        extra["security"] = []
        options["description"] = f"{said}\n\nOpen to everyone."
    options["openapi_extra"] = extra


def _headers(path: str, methods: set[str], mark: Mark) -> list[dict[str, Any]]:
    """The request headers an operation reads; they are read from the request itself, for speed."""
    named: list[tuple[str, bool, str, dict[str, Any]]] = []
    if mark.versioned:
        words = 'the version you saw, as `"v1"`: the ETag of your read; `*` for any there is'
        named.append(("If-Match", not mark.begins, words, {"pattern": _SEEN}))
    if mark.begins:
        words = "instead of If-Match, the first time: there is none yet"
        named.append(("If-None-Match", False, words, {"pattern": r"^\*$"}))
    if "GET" in methods and mark.permission is not None:
        words = "an ETag you hold (or several, or `*`); 304 when nothing changed"
        named.append(("If-None-Match", False, words, {"pattern": _TAGS}))
    if "POST" in methods and mark.replays:
        words = "made by you, once for each request; kept for 24 hours"
        named.append(("Idempotency-Key", False, words, {"pattern": "^[!-~]{1,255}$"}))
    if path.startswith("/v1/me/"):
        words = "for guardians: the id of the client acted for"
        named.append(("Acting-For", False, words, {"format": "uuid"}))
    return [
        {
            "name": name,
            "in": "header",
            "required": needed,
            "description": words,
            "schema": {"type": "string"} | shape,
        }
        for name, needed, words, shape in named
    ]


def log_fault(failure: Exception, request_id: str) -> None:
    """Where an unforeseen failure came from: type and lines, never its message or values."""
    frames: list[str] = []
    trace = failure.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename.rpartition('/app/')[2]}:{trace.tb_lineno}")
        trace = trace.tb_next
    _log.error("fault", kind=type(failure).__name__, request_id=request_id, frames=frames[-8:])
