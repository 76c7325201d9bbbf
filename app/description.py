"""The API's description: OpenAPI 3.1, generated from the code, with examples from real calls."""

import re
from functools import cache
from typing import Any, Final

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from app.core.places import EXAMPLES as EXAMPLES
from app.operation.refusals import ProblemOut

SUMMARY: Final = "Homework, goals and notes between therapy sessions"
DESCRIPTION: Final = """\
Therapists and their practices call the staff doors under `/v1`; clients and their guardians call
the client doors under `/v1/me`. A token of one kind opens no door of the other.

Refusals are problem documents (RFC 9457) whose `code` is stable, always in this order: 401 no valid
token, 403 not for this role, 422 malformed, 404 not visible to you, the replay of an idempotency
key, 409 wrong state, 428 and 412 for versions.
"""
TAGS: Final = (
    ("accounts", "Signing in, second factor, invitations and passwords"),
    ("practices", "The practice and its staff"),
    ("clients", "People in care, and their own profile"),
    ("library", "Exercises, and the forms they ask"),
    ("homework", "What was agreed, when it is open, what was sent, and that it was read"),
    ("files", "Voice notes and pictures that go with what was sent"),
    ("rests", "Times in which nothing is asked"),
    ("reminders", "Whether, how and when a client is reminded"),
    ("goals", "What client and therapist work towards"),
    ("sessions", "The therapy hours"),
    ("overview", "What is new, what is due and what is waiting, across the rooms"),
    ("notes", "Progress notes: drafts, signatures, and what was released"),
    ("upkeep", "Whether the service is well"),
)
HEADERS: Final = {
    "ETag": "the version of what is shown, for If-Match; on a list, a hash of the page",
    "Location": "where the new thing is read",
    "Link": 'the next page, `<…>; rel="next"`; absent on the last',
    "Retry-After": "how many seconds to wait before trying again",
    "WWW-Authenticate": "how to sign in",
}
TOLD: Final[dict[str, tuple[str, ...]]] = {
    "304": ("ETag",),
    "401": ("WWW-Authenticate",),
    "412": ("ETag",),
    "429": ("Retry-After",),
    "503": ("Retry-After",),
}


def describe(app: FastAPI) -> None:
    """Make `app.openapi()` answer the whole description."""

    @cache
    def openapi() -> dict[str, Any]:
        return _build(app)

    app.openapi = openapi  # type: ignore[method-assign]


def _build(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary=SUMMARY,
        description=DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": words} for name, words in TAGS],
        servers=[{"url": "http://127.0.0.1:8000", "description": "as `praxis up` starts it"}],
        contact={"name": "The people who build Praxis"},
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    components = made.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs", {})
    schemas["ProblemOut"] = problem
    components["securitySchemes"] = {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token of POST /v1/auth/sign-in.",
        }
    }
    components["headers"] = {
        name: {"description": words, "schema": {"type": "string"}}
        for name, words in HEADERS.items()
    }
    made = _named(made)
    for path in made["paths"].values():
        for operation in path.values():
            _add_headers(operation, made["components"]["schemas"])
    _add_examples(made)
    return made


def _named(made: dict[str, Any]) -> dict[str, Any]:
    """The same, with pages under names as other schemas have: GoalPage, not Page_GoalOut_."""
    schemas = made["components"]["schemas"]
    titles: dict[str, str] = {}
    for name in schemas:
        if name.startswith("Page_"):
            shown = name.removeprefix("Page_").removesuffix("_")
            titles[name] = re.sub("(Out|Line|Item)$", "Page", shown)
            schemas[name]["title"] = titles[name]
    made["components"]["schemas"] = dict(sorted((titles.get(k, k), v) for k, v in schemas.items()))
    text = orjson.dumps(made).decode()
    for name, title in titles.items():
        text = text.replace(f'schemas/{name}"', f'schemas/{title}"')
    renamed: dict[str, Any] = orjson.loads(text)
    return renamed


def _add_headers(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """What an integrator reads off the answers besides their bodies, as far as the kind tells."""
    for status, response in operation["responses"].items():
        names = set(TOLD.get(status, ()))
        content = response.get("content", {}).get("application/json", {})
        shown = schemas.get(content.get("schema", {}).get("$ref", "").rpartition("/")[2], {})
        kept = shown.get("properties", {}).keys()
        if status in ("200", "201"):
            if "304" in operation["responses"] or ("version" in kept and "help" not in kept):
                names |= {"ETag", "Location"} if status == "201" else {"ETag"}
            if {"items", "next"} <= kept:
                names.add("Link")
            if {"submission_id", "help"} <= kept:
                names.add("Location")
        if names:
            response["headers"] = response.get("headers", {}) | {
                name: {"$ref": f"#/components/headers/{name}"} for name in sorted(names)
            }


def _add_examples(made: dict[str, Any]) -> None:
    if not EXAMPLES.exists():
        return
    known: dict[str, Any] = orjson.loads(EXAMPLES.read_bytes())
    for path in made["paths"].values():
        for operation in path.values():
            example = known.get(operation["operationId"])
            if example is None:
                continue
            if "request" in example and "requestBody" in operation:
                content = operation["requestBody"]["content"]["application/json"]
                content["example"] = example["request"]
            answer = operation["responses"].get(str(example["status"]))
            if answer is not None and "response" in example:
                media = answer.setdefault("content", {}).setdefault("application/json", {})
                media["example"] = example["response"]
