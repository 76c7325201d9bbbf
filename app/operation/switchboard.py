"""The switchboard: finds an operation's frame by method and path, in front of the router.

The router tries one route after the other; here the path's segments lead to it, however many
operations there are. It also answers for the methods of their addresses (405, OPTIONS). Whatever
else is asked (documentation, 404) falls through to the router.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.errors import MethodNotAllowed, refuse
from app.operation.answers import finished
from app.operation.frame import Framed
from app.operation.media_types import accepted

ANY: Final = "{}"
"""In the tree of segments: any one segment, a path parameter."""
HERE: Final = "/"
"""In the tree: the operations whose path ends here, by method."""

_PARAMETER: Final = re.compile(r"\{[a-z_]+\}")

Tree = dict[str, Any]
Methods = dict[str, Framed]
Place = tuple[Framed, tuple[tuple[str, int], ...]]
"""A route, and the position in the path of each of its parameters."""


class Switchboard:
    """Pure ASGI: the frames of those `routes` that are operations in front, `app` behind."""

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self.app = app
        self._tree: Tree = {}
        self._others: list[Framed] = []
        """Those whose last parameter takes the rest of the path, slashes and all."""
        for route in routes:
            if isinstance(route, Framed):
                self._put(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope.get("root_path"):
            await self.app(scope, receive, send)
            return
        found = self.find(scope)
        if isinstance(found, Framed):
            scope["route"] = found
            request = Request(scope, receive)
            framed = await found.frame(request)
            response = finished(request, framed, living=found.mark.living)
        elif found:
            response = _other_method(scope, found)
        else:
            await self.app(scope, receive, send)
            return
        await response(scope, receive, send)

    def find(self, scope: Scope) -> Framed | Methods:
        """Return the operation at this method and path, its path parameters put into the scope.

        Where the path is known with other methods only, those; they are empty for other paths.
        """
        # HEAD is GET without its body, which the server leaves out.
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        segments = scope["path"].split("/")
        places = self._places(segments)
        place = places.get(method)
        if place is not None:
            route, parameters = place
            scope["path_params"] = {name: segments[position] for name, position in parameters}
            return route
        known = {name: route for name, (route, _) in places.items()}
        for route in self._others:
            matched = route.path_regex.match(scope["path"])
            if matched is None:
                continue
            if method in (route.methods or ()):
                scope["path_params"] = matched.groupdict()
                return route
            known |= dict.fromkeys(route.methods or (), route)
        return known

    def _places(self, segments: list[str]) -> dict[str, Place]:
        branch = self._tree
        for segment in segments:
            onward = branch.get(segment) or (branch.get(ANY) if segment else None)
            if onward is None:
                return {}
            branch = onward
        found: dict[str, Place] = branch.get(HERE, {})
        return found

    def _put(self, route: Framed) -> None:
        segments = route.path.split("/")
        if any("{" in one and not _PARAMETER.fullmatch(one) for one in segments):
            self._others.append(route)
            return
        branch, parameters = self._tree, []
        for position, segment in enumerate(segments):
            if segment.startswith("{"):
                parameters.append((segment[1:-1], position))
                segment = ANY
            branch = branch.setdefault(segment, {})
        for method in route.methods or ():
            branch.setdefault(HERE, {})[method] = (route, tuple(parameters))


def _other_method(scope: Scope, known: Methods) -> Response:
    """The answer to OPTIONS, and to a method that the address does not know."""
    allowed = {*known, "OPTIONS"} | ({"HEAD"} if "GET" in known else set())
    headers = {"Allow": ", ".join(sorted(allowed))}
    if "PATCH" in known:
        headers["Accept-Patch"] = ", ".join(accepted("PATCH", known["PATCH"].mark.takes))
    if scope["method"] == "OPTIONS":
        return Response(status_code=204, headers=headers)
    return refuse(
        scope,
        MethodNotAllowed(
            "wire.method",
            f"This address exists, and knows only {headers['Allow']}. See /openapi.json.",
            headers=headers,
        ),
    )
