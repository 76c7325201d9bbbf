"""A page continues where the last one ended, whatever became of the item it ended with."""

import base64
from typing import Any

from fastapi import FastAPI

from tests.cast import Cast
from tests.contract import routes
from tests.house.paged_lists import PagedList, fill
from tests.jobs.conftest import Admin
from tests.overview.scenes import read


async def page(cast: Cast, one: PagedList, **query: Any) -> Any:
    asked = "&".join(f"{name}={value}" for name, value in query.items() if value is not None)
    path = f"{one.path}{'&' if '?' in one.path else '?'}{asked}"
    return await read(cast.people[one.who], path)


def ids(shown: Any) -> list[str]:
    return [one["id"] for one in shown["items"]]


async def test_each_list_goes_on_where_it_was_when_its_last_item_is_moved_away(
    app: FastAPI, harbour: Cast, admin: Admin
) -> None:
    lists = await fill(harbour)
    paged = {
        route.operation_id
        for route in routes(app)
        if "cursor" in {one.name for one in route.dependant.query_params}
    }
    assert {one.operation for one in lists} == paged
    begun = []
    for one in lists:
        whole = await page(harbour, one, limit=one.most)
        first = await page(harbour, one, limit=1)
        assert len(ids(whole)) >= 3, one.operation
        assert ids(first) == ids(whole)[:1], one.operation
        begun.append((one, first["next"], ids(whole)))
    await admin.execute("set session_replication_role = replica")
    for one, _, whole in begun:
        await one.move(harbour, admin, whole[0])
    for one, cursor, whole in begun:
        rest = ids(await page(harbour, one, limit=one.most, cursor=cursor))
        again = ids(await page(harbour, one, limit=1))
        assert again != whole[:1], f"{one.operation}: nothing was moved"
        assert [found for found in rest if found != whole[0]] == whole[1:], one.operation


async def test_a_cursor_tells_nothing_of_the_name_it_stands_at(harbour: Cast) -> None:
    first = await read(harbour.ana, "/v1/clients?sort=name&limit=1")
    held = base64.urlsafe_b64decode(first["next"] + "==")
    assert first["items"][0]["legal_name"] == "Carl Legalname"
    assert b"carl" not in held.lower()
    assert b"legalname" not in held.lower()
