"""How an endpoint gets its unit of work: from the frame, past FastAPI's dependencies.

Resolving one dependency costs as much as all the other parameters of an endpoint together.
"""

from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import Parameter, iscoroutinefunction, signature
from typing import Any

from starlette.requests import Request

from app.operation.work import Work

Working = Work
"""What an endpoint's parameter `work` is annotated with; FastAPI never sees it."""


def with_work(endpoint: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The endpoint as FastAPI sees it: with a `request` where it has `work`.

    Raises TypeError for a plain `def`, which would run in a thread, outside its transaction.
    """
    if not iscoroutinefunction(endpoint):
        raise TypeError(f"{endpoint.__name__} is not async")
    asked = signature(endpoint)
    if "work" not in asked.parameters:
        return endpoint

    wanted = asked.parameters.keys() & {"request"}

    @wraps(endpoint)
    async def given(request: Request, **parameters: Any) -> Any:
        if wanted:
            parameters["request"] = request
        return await endpoint(work=request.scope["praxis.work"], **parameters)

    shown = [one for one in asked.parameters.values() if one.name not in ("work", "request")]
    first = Parameter("request", Parameter.KEYWORD_ONLY, annotation=Request)
    given.__signature__ = asked.replace(  # type: ignore[attr-defined]
        parameters=[one.replace(kind=Parameter.KEYWORD_ONLY) for one in (first, *shown)]
    )
    return given
