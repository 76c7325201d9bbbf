"""The API's description: OpenAPI 3.1, generated from the code, with examples from real calls."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app.core.places import EXAMPLES as EXAMPLES
from app.operation.headers import ALWAYS, WORDS, headers_of
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


def describe(app: FastAPI, routes: Iterable[APIRoute]) -> None:
    """Make `app.openapi()` answer the whole description, of these operations."""

    @cache
    def openapi() -> dict[str, Any]:
        return _build(app, {str(route.operation_id): route for route in routes})

    app.openapi = openapi  # type: ignore[method-assign]


def _build(app: FastAPI, routes: dict[str, APIRoute]) -> dict[str, Any]:
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
        name: {"description": words, "schema": {"type": "string"}, "required": name in ALWAYS}
        for name, words in WORDS.items()
    }
    made = _named(made)
    for path in made["paths"].values():
        for operation in path.values():
            _add_headers(operation, routes[operation["operationId"]])
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


def _add_headers(operation: dict[str, Any], route: APIRoute) -> None:
    """Say which headers of ours go with each answer; where the route says it, in its words."""
    for status, response in operation["responses"].items():
        own = response.setdefault("headers", {})
        for name in sorted(headers_of(route, int(status))):
            if name in WORDS:
                own.setdefault(name, {"$ref": f"#/components/headers/{name}"})


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
