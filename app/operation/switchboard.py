"""The switchboard: finds an operation's frame by method and path, in front of the router.

The router tries one route after the other; here the path's segments lead to it, however many
operations there are. Whatever is not found (documentation, 404, 405) falls through to the router.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from starlette.requests import Request
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from app.operation.frame import Framed

ANY: Final = "{}"
"""In the tree of segments: any one segment, a path parameter."""

_PARAMETER: Final = re.compile(r"\{[a-z_]+\}")

Tree = dict[str, Any]
Place = tuple[Framed, tuple[tuple[str, int], ...]]
"""A route, and the position in the path of each of its parameters."""


class Switchboard:
    """Pure ASGI: the frames of those `routes` that are operations in front, `app` behind."""

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self.app = app
        self._tree: Tree = {}
        for route in routes:
            if isinstance(route, Framed):
                self._put(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = self.find(scope) if scope["type"] == "http" else None
        if route is None:
            await self.app(scope, receive, send)
            return
        scope["route"] = route
        response = await route.frame(Request(scope, receive))
        await response(scope, receive, send)

    def find(self, scope: Scope) -> Framed | None:
        """The operation at this method and path, its path parameters put into the scope."""
        if scope.get("root_path"):
            return None
        segments = scope["path"].split("/")
        branch = self._tree
        for segment in segments:
            onward = branch.get(segment) or (branch.get(ANY) if segment else None)
            if onward is None:
                return None
            branch = onward
        # HEAD is GET without its body, which the server leaves out.
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        place: Place | None = branch.get(f"/{method}")
        if place is None:
            return None
        route, parameters = place
        scope["path_params"] = {name: segments[position] for name, position in parameters}
        return route

    def _put(self, route: Framed) -> None:
        segments = route.path.split("/")
        if any("{" in one and not _PARAMETER.fullmatch(one) for one in segments):
            return
        branch, parameters = self._tree, []
        for position, segment in enumerate(segments):
            if segment.startswith("{"):
                parameters.append((segment[1:-1], position))
                segment = ANY
            branch = branch.setdefault(segment, {})
        for method in route.methods or ():
            branch[f"/{method}"] = (route, tuple(parameters))
