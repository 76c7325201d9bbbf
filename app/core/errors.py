"""Refusals: every one is a problem document (RFC 9457) that says what to do next."""

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any, ClassVar, TypedDict

import orjson
from starlette.responses import Response

TYPES = "https://praxis.example/problems/"


def sentence(words: str) -> str:
    """A fault's words as a sentence; a field's name at its head stays as it is."""
    first = words if "_" in words.partition(" ")[0] else words[:1].upper() + words[1:]
    return first if first.endswith(".") else f"{first}."


class FieldError(TypedDict):
    """One field's error. `pointer` is a JSON pointer into the body; the value is never repeated."""

    pointer: str
    code: str
    detail: str


class Problem(Exception):
    """A refusal. Subclasses fix the status; `code` is `room.reason` and never changes."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong here"

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})
        self.extra = extra

    def document(self, instance: str) -> dict[str, Any]:
        """The members of the problem document; `instance` is the request's own URN."""
        shown: dict[str, Any] = {
            "type": TYPES + self.code.replace(".", "/"),
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "code": self.code,
        }
        if self.errors:
            shown["errors"] = self.errors
        return shown | self.extra


class BadRequest(Problem):
    status, title = 400, "This request cannot be read"


class Unauthenticated(Problem):
    status, title = 401, "Please sign in"

    def __init__(
        self,
        code: str = "access.token",
        detail: str = "Sign in, or refresh the access token, and ask again.",
        **more: Any,
    ) -> None:
        more.setdefault("headers", {"WWW-Authenticate": 'Bearer realm="praxis"'})
        super().__init__(code, detail, **more)


class Forbidden(Problem):
    status, title = 403, "This is not yours to do"


class NotFound(Problem):
    status, title = 404, "There is nothing here for you"

    def __init__(
        self,
        code: str = "access.not_found",
        detail: str = "Nothing at this address is visible to you. Check the id.",
        **more: Any,
    ) -> None:
        super().__init__(code, detail, **more)


class MethodNotAllowed(Problem):
    status, title = 405, "This address does not do that"


class TooSlow(Problem):
    status, title = 408, "This took too long to arrive"


class Conflict(Problem):
    status, title = 409, "Not in this state"


class Stale(Problem):
    status, title = 412, "It has changed since you read it"


class TooLarge(Problem):
    status, title = 413, "Too large"


class UnsupportedMedia(Problem):
    status, title = 415, "Not this kind of body"


class RangeNotSatisfiable(Problem):
    status, title = 416, "There is no such part of it"


class Invalid(Problem):
    status, title = 422, "Some of this cannot be accepted"


class VersionRequired(Problem):
    status, title = 428, "Say which version you saw"


class HeadTooLarge(Problem):
    status, title = 431, "The head is too large"


class TooMany(Problem):
    status, title = 429, "Too many requests"


class Unavailable(Problem):
    status, title = 503, "Not available just now"

    def __init__(
        self,
        code: str = "service.unavailable",
        detail: str = "The service cannot answer just now. Nothing was stored; please try again.",
        *,
        retry_after: int = 2,
        **more: Any,
    ) -> None:
        super().__init__(code, detail, headers={"Retry-After": str(retry_after)}, **more)


class ServerFault(Problem):
    status = 500

    def __init__(self) -> None:
        super().__init__(
            "service.fault",
            "This is our fault, not yours. Nothing was stored. Quote the instance when you ask.",
        )


def answer(problem: Problem, request_id: str) -> Response:
    """The problem as a response."""
    return Response(
        orjson.dumps(problem.document(f"urn:uuid:{request_id}")),
        status_code=problem.status,
        headers=problem.headers,
        media_type="application/problem+json",
    )


def refuse(scope: MutableMapping[str, Any], problem: Problem) -> Response:
    """The problem as the response to the request of this ASGI scope, whose log line names it."""
    scope["praxis.code"] = problem.code
    return answer(problem, scope["praxis.request_id"])
