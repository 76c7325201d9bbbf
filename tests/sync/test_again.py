"""A change that comes again, because the answer was lost, is no conflict with itself."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.sync.test_sync import outcomes


@pytest.mark.parametrize(
    ("kind", "said", "other"),
    [
        ("profile", {"pronouns": "they/them"}, {"pronouns": "she/her"}),
        ("reminders", {"channel": "app", "at": "08:00"}, {"at": "09:30"}),
    ],
)
async def test_what_is_there_already_is_a_duplicate(
    harbour: Cast, kind: str, said: dict[str, Any], other: dict[str, Any]
) -> None:
    item = {"kind": kind, "client_key": "device-a-1", "base_version": 1, "body": said}
    assert await outcomes(harbour, item) == ["stored"]
    assert await outcomes(harbour, item) == ["duplicate"]
    assert await outcomes(harbour, item | {"body": other}) == ["conflict"]
