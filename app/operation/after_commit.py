"""Slow work that a request does after its commit: no transaction and no lock waits for it."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response


class AfterCommit(Response):
    """Returned by an endpoint in place of its answer.

    After the commit `finish` runs without a connection, then `answer` in a new transaction of the
    same caller. A process that ends in between leaves what was committed, so a job must be able
    to finish it too.
    """

    def __init__(
        self, finish: Callable[[], Awaitable[None]], answer: Callable[[], Awaitable[Response]]
    ) -> None:
        super().__init__()
        self.finish = finish
        self.answer = answer
