"""A player reads a recording in ranges, and reads again only what it does not hold."""

import pytest

from tests.cast import Cast
from tests.files.sending import send, sound

SIZE = 2 * 1024 * 1024 + 300_002


async def url_of(cast: Cast) -> str:
    sent = await send(cast.cleo, sound(SIZE), "audio/wav")
    return f"/v1/me/uploads/{sent['id']}/content"


async def test_a_range_is_answered_with_its_bytes_and_no_others(harbour: Cast) -> None:
    url, whole = await url_of(harbour), sound(SIZE)
    asked = {
        "bytes=0-9": (0, 10),
        "bytes=1048570-1048585": (1048570, 1048586),
        "bytes=100-": (100, SIZE),
        "bytes=-44": (SIZE - 44, SIZE),
        f"bytes={SIZE - 1}-{SIZE + 99}": (SIZE - 1, SIZE),
    }
    for header, (start, end) in asked.items():
        answer = await harbour.cleo.http.get(url, headers={"Range": header})
        assert answer.status_code == 206, header
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
        assert answer.content == whole[start:end]


@pytest.mark.parametrize(
    "header", ["bytes=0-1,5-6", "pages=1-2", "bytes=9-3", "bytes=-", "bytes=x"]
)
async def test_a_range_that_cannot_be_read_is_answered_with_the_file(
    harbour: Cast, header: str
) -> None:
    answer = await harbour.cleo.http.get(await url_of(harbour), headers={"Range": header})
    assert (answer.status_code, len(answer.content)) == (200, SIZE)
    assert answer.headers["accept-ranges"] == "bytes"


async def test_a_range_beyond_the_end_names_the_size(harbour: Cast) -> None:
    answer = await harbour.cleo.http.get(await url_of(harbour), headers={"Range": f"bytes={SIZE}-"})
    assert (answer.status_code, answer.json()["code"]) == (416, "files.range")
    assert answer.headers["content-range"] == f"bytes */{SIZE}"


async def test_a_range_of_another_file_is_answered_with_this_one(harbour: Cast) -> None:
    url = await url_of(harbour)
    tag = (await harbour.cleo.http.head(url)).headers["etag"]
    for held, status in ((tag, 206), ('"another"', 200)):
        headers = {"Range": "bytes=0-9", "If-Range": held}
        assert (await harbour.cleo.http.get(url, headers=headers)).status_code == status


async def test_a_file_that_is_held_already_is_not_sent_again(harbour: Cast) -> None:
    url = await url_of(harbour)
    tag = (await harbour.cleo.http.get(url)).headers["etag"]
    answer = await harbour.cleo.http.get(url, headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")
