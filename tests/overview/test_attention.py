"""What is urgent stands first and is never cut, whatever else waits."""

from datetime import timedelta
from typing import Any

import pytest

from app.core import paging
from app.core.clock import now
from app.core.ids import new_id
from tests.cast import Cast
from tests.overview.scenes import practised, read, sent, sent_again

URGENT: Any = {"attention_level": "urgent", "attention_reasons": ["unsafe"]}
SOON: Any = {"attention_level": "soon", "attention_reasons": ["felt_worse"]}


async def many(cast: Cast, number: int, **attention: Any) -> list[str]:
    """So many repetitions, which came one after the other since yesterday; their ids."""
    begun = now() - timedelta(days=1)
    return [
        await practised(cast, received_at=begun + timedelta(seconds=place), **attention)
        for place in range(number)
    ]


async def pages(cast: Cast, url: str, limit: int) -> list[dict[str, Any]]:
    """All items of a list, read page by page."""
    found: list[dict[str, Any]] = []
    page: dict[str, Any] = {"next": None}
    while "items" not in page or page["next"]:
        cursor = f"&cursor={page['next']}" if page["next"] else ""
        page = await read(cast.thea, f"{url}{'&' if '?' in url else '?'}limit={limit}{cursor}")
        found += page["items"]
    return found


def ids(items: list[dict[str, Any]]) -> list[str]:
    return [one["id"] for one in items]


@pytest.mark.parametrize("is_oldest", [True, False])
async def test_one_unsafe_among_26_that_felt_worse_is_first(harbour: Cast, is_oldest: bool) -> None:
    early = [await sent(harbour, obstacles=["unsafe"])] if is_oldest else []
    worse = await many(harbour, 26, **SOON)
    urgent = (early or [await sent(harbour, obstacles=["unsafe"])])[0]
    today = await read(harbour.thea, "/v1/today")
    assert ids(today["needs_attention"]) == [urgent, *worse[:25]]
    assert today["review_queue"]["first"][0]["id"] == urgent
    assert today["urgent"] == {
        "count": 1,
        "more": False,
        "review_queue": "/v1/review-queue?attention_level=urgent",
    }
    assert ids(await pages(harbour, "/v1/review-queue", 10)) == [urgent, *worse]


async def test_an_item_says_how_soon_and_why(harbour: Cast) -> None:
    await sent(harbour, obstacles=["forgot", "felt_worse", "unsafe"])
    await many(harbour, 1, **SOON)
    found = [
        (one["needs_attention"], one["attention_level"], one["attention_reasons"])
        for one in (await read(harbour.thea, "/v1/review-queue"))["items"]
    ]
    assert found == [(True, "urgent", ["felt_worse", "unsafe"]), (True, "soon", ["felt_worse"])]


async def test_today_shows_all_that_is_urgent_and_25_others(harbour: Cast) -> None:
    urgent, soon = await many(harbour, 30, **URGENT), await many(harbour, 30, **SOON)
    today = await read(harbour.thea, "/v1/today")
    assert ids(today["needs_attention"]) == urgent + soon[:25]
    assert (today["urgent"]["count"], today["review_queue"]["count"]) == (30, 60)


async def test_today_counts_what_is_urgent_beyond_100(harbour: Cast) -> None:
    urgent = await many(harbour, 102, **URGENT)
    await sent(harbour)
    today = await read(harbour.thea, "/v1/today")
    assert ids(today["needs_attention"]) == urgent[:100]
    assert today["urgent"]["count"] == 102
    assert ids(await pages(harbour, today["urgent"]["review_queue"], 50)) == urgent


async def test_the_review_queue_of_one_level(harbour: Cast) -> None:
    await sent(harbour)
    urgent, soon = await sent(harbour, obstacles=["unsafe"]), await many(harbour, 2, **SOON)
    assert ids(await pages(harbour, "/v1/review-queue?attention_level=urgent", 1)) == [urgent]
    assert ids(await pages(harbour, "/v1/review-queue?attention_level=soon", 1)) == soon


@pytest.mark.parametrize("path", ["/v1/submissions", "/v1/clients/{cleo}/submissions"])
async def test_submissions_begin_with_what_is_urgent_then_soon_then_the_newest(
    harbour: Cast, path: str
) -> None:
    calm = [await sent(harbour)]
    soon = [await sent(harbour, obstacles=["felt_worse"]) for _ in range(2)]
    urgent = [await sent(harbour, obstacles=["unsafe"]) for _ in range(2)]
    calm.append(await sent(harbour))
    url = path.format(cleo=harbour.client_ids["cleo"])
    expected = urgent + soon + calm[::-1]
    for limit in (1, 100):
        assert ids(await pages(harbour, url, limit)) == expected


async def test_repetitions_begin_with_what_is_urgent_and_was_not_seen(harbour: Cast) -> None:
    calm, soon = await many(harbour, 2), await many(harbour, 2, **SOON)
    seen = await practised(harbour, seen_at=now(), **URGENT)
    urgent = await many(harbour, 2, **URGENT)
    url = f"/v1/clients/{harbour.client_ids['cleo']}/repetitions"
    for limit in (1, 100):
        assert ids(await pages(harbour, url, limit)) == [*urgent, *soon, seen, *calm[::-1]]
    only = ids(await pages(harbour, f"{url}?only_attention=true", 2))
    assert only == [*urgent, *soon, seen]


async def test_a_later_version_takes_no_mark_away(harbour: Cast) -> None:
    submission_id = await sent(harbour, obstacles=["felt_worse"])
    await sent_again(harbour, submission_id, obstacles=["unsafe"])
    await sent_again(harbour, submission_id)
    shown = await read(harbour.thea, f"/v1/submissions/{submission_id}")
    assert (shown["number"], shown["attention_level"], shown["attention_reasons"]) == (
        3,
        "urgent",
        ["felt_worse", "unsafe"],
    )


@pytest.mark.parametrize("path", ["/v1/review-queue", "/v1/submissions"])
async def test_a_cursor_from_before_there_were_levels_is_refused(harbour: Cast, path: str) -> None:
    listing = f"{harbour.practice_id}:{harbour.thea.user_id}::{path}?"
    cursor = paging.make(harbour.house.keyring.cursors.raw, listing, f"1:{new_id()}")
    answer = await harbour.thea.http.get(f"{path}?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (400, "paging.cursor")


async def test_no_level_is_acknowledged_in_bulk(harbour: Cast) -> None:
    made = [await sent(harbour, obstacles=[one]) for one in ("unsafe", "felt_worse")]
    items = [{"submission_id": one, "number": 1} for one in made]
    answer = await harbour.thea.http.post("/v1/submissions/acknowledge", json={"items": items})
    assert [one["result"] for one in answer.json()["items"]] == ["needs_attention"] * 2


async def test_what_a_client_says_stands_before_what_guardians_sent_earlier(harbour: Cast) -> None:
    theirs = await many(harbour, 27, capacity="guardian", **URGENT)
    own = await sent(harbour, obstacles=["unsafe"])
    today = await read(harbour.thea, "/v1/today")
    assert ids(today["needs_attention"]) == [own, *theirs[:25]]
    assert today["urgent"]["count"] == 28
