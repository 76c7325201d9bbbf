"""The headers of ours, by operation: the description names them, CORS lets them through."""

from collections.abc import Iterable
from typing import Final

from fastapi.routing import APIRoute

from app.operation.marks import mark_of

WORDS: Final = {
    "Accept": "the media types that are read here",
    "Accept-Encoding": "`identity`: a body is sent as it is",
    "Accept-Patch": "the media types of a patch that are read here",
    "Content-Location": "where what is shown can be read again",
    "ETag": "the version of what is shown, for If-Match; of a list or read model, a hash of it",
    "Idempotent-Replayed": "`true`: this request was done before, and was not done again",
    "Link": 'the next page, `<…>; rel="next"`; absent on the last',
    "Location": "where the new thing is read",
    "RateLimit": "how many requests are left, and for how many seconds: `r` and `t`",
    "RateLimit-Policy": "how many requests there are in how many seconds: `q` and `w`",
    "Retry-After": "how many seconds to wait before trying again",
    "WWW-Authenticate": "how to sign in",
    "X-Request-Id": "the request's id, for questions about it; yours, where you sent a UUID",
}
READ_ALWAYS: Final = frozenset({"Authorization", "Content-Type", "X-Request-Id"})
ALWAYS: Final = frozenset({"RateLimit", "RateLimit-Policy", "X-Request-Id"})
_REFUSALS: Final = {
    304: ({"ETag"}, set[str]()),
    401: ({"WWW-Authenticate"}, set[str]()),
    412: (set[str](), {"ETag"}),
    429: ({"Retry-After"}, set[str]()),
    503: ({"Retry-After"}, set[str]()),
}


def headers_of(route: APIRoute, status: int) -> dict[str, bool]:
    """Return the headers of an operation's answers with this status, and whether each has them."""
    mark, methods = mark_of(route.endpoint), route.methods or set()
    surely, perhaps = (set(names) for names in _REFUSALS.get(status, ((), ())))
    if "POST" in methods and mark.replays and mark.permission is not None:
        if status == 409:
            perhaps.add("Retry-After")
        # A replay reads again, and what it made may be gone or not the caller's any more.
        if status < 300 or status in (403, 404):
            perhaps.add("Idempotent-Replayed")
    if status == 415:
        surely.add("Accept-Patch" if "PATCH" in methods else "Accept")
        perhaps.add("Accept-Encoding")
    if status < 300:
        _add_success(route, status, surely, perhaps)
    perhaps |= own_headers(route, status)
    return dict.fromkeys(perhaps, False) | dict.fromkeys(surely | ALWAYS, True)


def own_headers(route: APIRoute, status: int) -> set[str]:
    """Return the names that the route itself describes for this status."""
    return {*(route.responses.get(status) or {}).get("headers", {})}


def response_names(routes: Iterable[APIRoute]) -> list[str]:
    """Return every header of ours that an answer of these may carry."""
    own = (own_headers(route, int(status)) for route in routes for status in route.responses)
    return sorted({*WORDS, "Allow"}.union(*own))


def request_names(routes: Iterable[APIRoute]) -> list[str]:
    """Return every header that these read, and those that any of them does."""
    described = {
        parameter["name"]
        for route in routes
        for parameter in (route.openapi_extra or {}).get("parameters", ())
        if parameter["in"] == "header"
    }
    return sorted(described | READ_ALWAYS)


def _add_success(route: APIRoute, status: int, surely: set[str], perhaps: set[str]) -> None:
    mark, methods = mark_of(route.endpoint), route.methods or set()
    # What was made under a client key before is told again as it was, whatever version it has.
    told_again = status == 200 and 201 in (route.status_code, *route.responses)
    model = (route.responses.get(status) or {}).get("model") or route.response_model
    shown: set[str] = {*getattr(model, "model_fields", {})}
    if ("GET" in methods and mark.permission is not None) or "version" in shown:
        (perhaps if told_again else surely).add("ETag")
    if {"items", "next"} <= shown:
        perhaps.add("Link")
    if status == 201 and "POST" in methods and "items" not in shown:
        surely.add("Location")
    elif status == 201 or told_again:
        perhaps.add("Location")
    if status == 200 and "POST" in methods and mark.replays and mark.permission is not None:
        surely.add("Content-Location")
