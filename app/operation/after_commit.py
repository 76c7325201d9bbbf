"""What a request does or says after its commit, in place of an answer from inside it."""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from app.core.errors import Problem


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


class RefusedAfterCommit(Response):
    """Returned by an endpoint in place of a refusal that it would raise.

    What it wrote is committed, and then the problem is the answer: a wrong guess is counted.
    """

    def __init__(self, problem: Problem) -> None:
        super().__init__(status_code=problem.status)
        self.problem = problem
