"""What surrounds every operation: caller, permission, body, work, retry, refusals.

The order of refusals is the same everywhere: 401 no valid token, 403 this role never may, 422
malformed, 404 not visible, the replay of an idempotency key, 409 wrong state, 428 and 412.
"""

from collections.abc import Callable, Coroutine
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import Any, Final

import asyncpg
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.permissions import SCOPES, class_word
from app.core.errors import BadRequest, Forbidden, Problem, ServerFault, Unavailable, refuse
from app.core.ids import is_id
from app.operation import idempotency, refusals, replay
from app.operation.after_commit import AfterCommit, RefusedAfterCommit
from app.operation.answers import require_well_formed_tags
from app.operation.asked import LARGE, Asked
from app.operation.caller import identify, require_own, whom_to_ask
from app.operation.failures import already_there
from app.operation.given import Working as Working
from app.operation.given import with_work
from app.operation.house import House
from app.operation.incoming import (
    LARGEST_BODY,
    LARGEST_FROM_ANYONE,
    Body,
    body_or_refusal,
    checked_body,
)
from app.operation.marks import Mark, mark_of
from app.operation.query_strings import require_readable
from app.operation.work import Work

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

RETRIED: Final = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    # Two at once made the same thing: the second try finds the first one's, and answers with it.
    asyncpg.UniqueViolationError,
)
AWAY: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that broke before its end was noticed
    asyncpg.ReadOnlySQLTransactionError,
    OSError,
    TimeoutError,
)


class Framed(APIRoute):
    """The route class of every operation."""

    mark: Mark
    frame: Handler

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self.mark = mark_of(endpoint)
        options["operation_id"] = endpoint.__name__
        refusals.document(path, endpoint, self.mark, options)
        super().__init__(path, with_work(endpoint), **options)
        self.frame = self.get_route_handler()

    def get_route_handler(self) -> Handler:
        asked = Asked(self.dependant, raw=self.mark.takes is not None)
        known = frozenset(field.alias for field in self.dependant.query_params)
        takes_body = bool(self.dependant.body_params) or self.mark.takes is not None
        is_known = self.mark.permission is not None
        largest = LARGEST_BODY if takes_body and is_known else LARGEST_FROM_ANYONE
        frame = _Frame(asked, self.mark, self.endpoint.__name__, known, largest)
        return frame.public if self.mark.permission is None else frame.private


class _Frame:
    __slots__ = (
        "about",
        "inner",
        "largest",
        "mark",
        "operation",
        "parameters",
        "read_as",
        "scope",
    )

    def __init__(
        self,
        asked: Asked,
        mark: Mark,
        operation: str,
        parameters: frozenset[str],
        largest: int,
    ) -> None:
        self.inner = asked.answer
        self.read_as = asked.read_as
        self.mark = mark
        self.operation = operation
        self.parameters = parameters
        self.largest = largest
        self.scope = SCOPES.get(mark.permission) if mark.permission else None
        self.about = class_word(mark.permission) if mark.permission else None

    async def public(self, request: Request) -> Response:
        """Anyone: no caller, no transaction of its own."""
        house: House = request.app.state.house
        request_id: str = request.scope["praxis.request_id"]
        try:
            if self.mark.cost:
                house.limiter.admit(request.scope["praxis.peer"], self.mark.cost)
            await checked_body(request, self.largest, self.mark.takes)
            self._require_readable(request)
            try:
                return await self._ask_anyone(house, request, request_id)
            except RETRIED:
                return await self._ask_anyone(house, request, request_id)
        except Exception as failure:
            return refuse(request.scope, _problem(failure, request))

    async def _ask_anyone(self, house: House, request: Request, request_id: str) -> Response:
        request.scope["praxis.work"] = Work(
            house,
            operation=self.operation,
            request_id=request_id,
            headers=request.headers,
            peer=request.scope["praxis.peer"],
        )
        return await self.inner(request)

    async def private(self, request: Request) -> Response:
        """A caller with a token: one transaction, entered as that caller."""
        house: House = request.app.state.house
        request_id: str = request.scope["praxis.request_id"]
        try:
            actor = request.scope["praxis.actor"] = identify(house, request)
            counted = request.scope["praxis.counted"] = actor.user_id + actor.practice_id
            house.limiter.admit(counted, self.mark.cost)
            charge = partial(house.limiter.charge, counted)
            body: Body = await body_or_refusal(request, self.largest, self.mark.takes, charge)
            try:
                require_own(request, actor)
                async with house.large if self._is_large(body) else nullcontext():
                    response = await self._twice(house, request, actor, request_id, body)
            except Problem as problem:
                await self._record_refusal(house, request, actor, request_id, problem)
                raise
            if isinstance(response, RefusedAfterCommit):
                raise response.problem
            return response
        except Exception as failure:
            return refuse(request.scope, _problem(failure, request))

    def _is_large(self, body: Body) -> bool:
        """Whether it takes long to read; what is stored as it is does not."""
        return self.mark.takes is None and isinstance(body, bytes) and len(body) > LARGE

    async def _twice(
        self, house: House, request: Request, actor: Actor, request_id: str, body: Body
    ) -> Response:
        try:
            return await self._once(house, request, actor, request_id, body)
        except RETRIED:
            return await self._once(house, request, actor, request_id, body)

    async def _once(
        self, house: House, request: Request, actor: Actor, request_id: str, body: Body
    ) -> Response:
        work = Work(
            house,
            operation=self.operation,
            request_id=request_id,
            actor=actor,
            headers=request.headers,
            about=self.about,
            path=request.scope["path"],
            query=request.scope.get("query_string", b"").decode("latin-1"),
            shows=request.method != "HEAD",
        )
        request.scope["praxis.work"] = work
        once = await self._once_key(house, request, actor, body)
        async with work.opened(work.entry(self.scope)):
            self._check_role(actor)
            if isinstance(body, Problem):
                raise body
            self._require_readable(request)
            kept = await idempotency.earlier(work, once) if once else None
            if kept is None:
                response = await self.inner(request)
                if once and response.status_code < 300:
                    await idempotency.keep(work, once, response)
                if not isinstance(response, AfterCommit):
                    return response
        if kept is not None:
            return await replay.of(kept, request)
        assert isinstance(response, AfterCommit)
        await response.finish()
        async with work.opened(work.entry(self.scope)):
            return await response.answer()

    async def _once_key(
        self, house: House, request: Request, actor: Actor, body: Body
    ) -> idempotency.Once | None:
        if request.method != "POST" or not self.mark.replays or isinstance(body, Problem):
            return None
        key = request.headers.get("idempotency-key")
        if key is None:
            return None
        caller = f"{actor.user_id}:{actor.practice_id}:{actor.capacity}:{actor.client_id}"
        target = f"{request.url.path}?{request.url.query}"
        async with house.turn if self._is_large(body) else nullcontext():
            return idempotency.read(key, caller, request.method, target, body, self.read_as)

    def _check_role(self, actor: Actor) -> None:
        if self.mark.permission is not None and not actor.may(self.mark.permission):
            if actor.kind == "enrolling":
                raise Forbidden(
                    "access.enrolling",
                    "Staff need a second factor: set it up with POST /v1/auth/second-factor,"
                    " confirm it, and go on with the tokens that come back.",
                )
            raise Forbidden(
                "access.role",
                f"This needs the permission {self.mark.permission.value}, which your role"
                f" does not carry here.{whom_to_ask(actor, self.mark.permission)}",
            )
        if self.scope and actor.kind == "guardian" and actor.client_id is None:
            raise BadRequest(
                "access.acting_for",
                "Name the client you act for in the Acting-For header.",
            )

    def _require_readable(self, request: Request) -> None:
        require_readable(request, self.parameters)
        require_well_formed_tags(request)

    async def _record_refusal(
        self, house: House, request: Request, actor: Actor, request_id: str, problem: Problem
    ) -> None:
        """403 and 404 leave an audit row of their own, outside the work that was rolled back."""
        if problem.status not in (403, 404) or not house.limiter.worth_recording(actor.user_id):
            return
        asked = next((str(v).lower() for v in request.path_params.values()), None)
        if asked is None:
            asked = request.headers.get("acting-for", "").strip().lower()
        if actor.kind == "guardian":
            # Whom they may not act for, they cannot come in for: the refusal is theirs alone.
            actor = replace(actor, client_id=None)
        work = Work(house, operation=self.operation, request_id=request_id, actor=actor)
        async with work.opened(work.entry(None)):
            work.note(
                self.about or "account",
                outcome="refused" if problem.status == 403 else "not_found",
                asked=asked if is_id(asked) else None,
            )


def _problem(failure: Exception, request: Request) -> Problem:
    if isinstance(failure, Problem):
        return failure
    if isinstance(failure, RequestValidationError):
        return refusals.invalid(failure)
    if isinstance(failure, AWAY) or (
        isinstance(failure, asyncpg.PostgresError) and failure.sqlstate in refusals.BUSY
    ):
        return Unavailable()
    if isinstance(failure, asyncpg.UniqueViolationError):
        # It was there at the second try as well, and will be at the next: not a matter of waiting.
        refusals.log_fault(failure, request.scope["praxis.request_id"])
        return already_there()
    if isinstance(failure, RETRIED):
        return Unavailable("service.busy", "Others were changing the same. Please try again.")
    refusals.log_fault(failure, request.scope["praxis.request_id"])
    return ServerFault()
