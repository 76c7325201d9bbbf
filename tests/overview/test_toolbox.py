"""The toolbox: what was given, what was pinned, and three ways to ground."""

from typing import Any

from app.core.ids import SYSTEM, new_id
from app.homework import toolbox
from app.homework.along import Pin
from app.library.catalogue import catalogue
from tests.cast import Cast
from tests.homework.scenes import EXERCISE
from tests.overview.scenes import assign, read

OTHER = next(
    one
    for one in catalogue()
    if one.slug not in (EXERCISE.slug, *toolbox.GROUNDING) and "nervous-system" not in one.areas
)


async def tools(cast: Cast, query: str = "") -> Any:
    return (await read(cast.cleo, f"/v1/me/toolbox{query}"))["items"]


async def because(cast: Cast) -> dict[str, list[str]]:
    return {one["slug"]: one["because"] for one in await tools(cast)}


async def pin(cast: Cast, exercise_id: str) -> None:
    await cast.write(
        Pin,
        id=new_id(),
        client_id=cast.client_ids["cleo"],
        library_id=SYSTEM,
        exercise_id=exercise_id,
        pinned_by=cast.thea.user_id,
    )


async def test_three_ways_to_ground_are_always_there(harbour: Cast) -> None:
    assert list((await because(harbour)).values()) == [["grounding"]] * 3


async def test_what_was_given_is_whole(harbour: Cast) -> None:
    await assign(harbour)
    tool = next(one for one in await tools(harbour) if one["slug"] == EXERCISE.slug)
    texts = EXERCISE.version.texts["en"]
    assert (tool["because"], tool["locale"]) == (["given"], "en")
    fields = [one["id"] for one in tool["form"]["fields"]]
    assert fields == [one.id for one in EXERCISE.version.form.fields]
    assert (tool["texts"]["title"], tool["minimum_version"]) == (texts.title, texts.minimum)
    assert tool["exercise_version_id"] == str(EXERCISE.version.id)


async def test_each_says_why_it_is_there_and_is_there_once(harbour: Cast) -> None:
    for _ in range(2):
        await assign(harbour)
    await pin(harbour, str(EXERCISE.id))
    await pin(harbour, str(OTHER.id))
    found = await because(harbour)
    assert (found[EXERCISE.slug], found[OTHER.slug]) == (["given", "pinned"], ["pinned"])


async def test_a_proposal_that_was_taken_back_is_not_in_it(harbour: Cast) -> None:
    made = await assign(harbour, agreed=False)
    headers = {"If-Match": '"v1"'}
    await harbour.thea.http.post(f"/v1/assignments/{made['id']}/withdraw", headers=headers)
    assert EXERCISE.slug not in await because(harbour)


async def test_a_language_that_is_not_there_gives_way(harbour: Cast) -> None:
    assert {one["locale"] for one in await tools(harbour, "?locale=en-GB")} == {"en"}
    assert {one["locale"] for one in await tools(harbour, "?locale=tlh")} == {"en"}


async def test_it_is_kept_until_it_changes(harbour: Cast) -> None:
    first = await harbour.cleo.http.get("/v1/me/toolbox")
    held = {"If-None-Match": first.headers["etag"]}
    assert (await harbour.cleo.http.get("/v1/me/toolbox", headers=held)).status_code == 304
    await pin(harbour, str(OTHER.id))
    assert (await harbour.cleo.http.get("/v1/me/toolbox", headers=held)).status_code == 200


async def test_another_clients_tools_are_not_mine(harbour: Cast) -> None:
    await assign(harbour, "carl")
    await assign(harbour, "kit")
    assert EXERCISE.slug not in await because(harbour)
