"""The API's description: OpenAPI 3.1, generated from the code, with examples from real calls."""

from functools import cache
from pathlib import Path
from typing import Any, Final

import orjson
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

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
    ("goals", "What client and therapist work towards"),
    ("sessions", "The therapy hours"),
    ("notes", "Progress notes: drafts, signatures, and what was released"),
    ("upkeep", "Whether the service is well"),
)
EXAMPLES: Final = Path(__file__).resolve().parent.parent / "openapi" / "examples.json"


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
    components["schemas"] = dict(sorted(schemas.items()))
    components["securitySchemes"] = {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token of POST /v1/auth/sign-in.",
        }
    }
    _add_examples(made)
    return made


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
