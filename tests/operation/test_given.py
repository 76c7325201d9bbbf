"""Endpoints are given their unit of work without FastAPI knowing."""

from inspect import signature

import pytest

from app.operation.given import Working, with_work


async def endpoint(work: Working, number: int = 3) -> None:
    """Says something."""


def test_fastapi_sees_a_request_where_the_endpoint_has_its_work() -> None:
    assert list(signature(with_work(endpoint)).parameters) == ["request", "number"]


def test_it_keeps_name_and_words() -> None:
    given = with_work(endpoint)
    assert (given.__name__, given.__doc__) == ("endpoint", "Says something.")


def test_a_plain_function_is_refused() -> None:
    def plain(work: Working) -> None: ...

    with pytest.raises(TypeError):
        with_work(plain)  # type: ignore[arg-type]
