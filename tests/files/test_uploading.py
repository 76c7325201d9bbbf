"""Sending a file: in parts, across cuts and repeats, by one sender at a time."""

import asyncio
from typing import Any

import httpx
import pytest

from app.files.storing import Place, store
from tests.cast import Cast
from tests.files.sending import PART, announce, content, part, picture, placed, sample, send, sound

MIB = 1024 * 1024


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def url_of(cast: Cast, whole: bytes, kind: str = "audio/wav") -> str:
    return str((await announce(cast.cleo, whole, kind)).headers["location"])


async def test_a_picture_arrives_without_its_place(harbour: Cast) -> None:
    sent = await send(harbour.cleo, picture(exif=placed()), "image/jpeg")
    assert (sent["status"], sent["media_type"]) == ("ready", "image/jpeg")
    read = await content(harbour.cleo, sent["id"])
    assert len(read.content) == sent["kept_size"]
    assert b"Secretphone" not in read.content


async def test_a_recording_in_parts_comes_back_whole(harbour: Cast) -> None:
    whole = sound(2 * MIB + 300_002)
    sent = await send(harbour.cleo, whole, "audio/wav", size=300_000)
    assert (await content(harbour.cleo, sent["id"])).content == whole


async def test_a_download_can_do_nothing_in_a_browser(harbour: Cast) -> None:
    sent = await send(harbour.cleo, sample("voice.m4a"), "audio/x-m4a")
    headers = (await content(harbour.cleo, sent["id"])).headers
    assert headers["content-type"] == "audio/mp4"
    assert headers["content-disposition"] == f'attachment; filename="{sent["id"]}.m4a"'
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


async def test_announcing_again_answers_the_same(harbour: Cast) -> None:
    first, again = [await announce(harbour.cleo, sound(100), "audio/wav") for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


async def test_a_known_key_with_another_file_is_refused(harbour: Cast) -> None:
    await announce(harbour.cleo, sound(100), "audio/wav")
    assert code(await announce(harbour.cleo, sound(200), "audio/wav")) == (
        422,
        "client_key.other_body",
    )


async def test_head_tells_where_to_go_on(harbour: Cast) -> None:
    whole = sound(200_000)
    url = await url_of(harbour, whole)
    await part(harbour.cleo, url, 0, whole[:100_000])
    answer = await harbour.cleo.http.head(url)
    assert (answer.status_code, answer.content) == (200, b"")
    assert (answer.headers["upload-offset"], answer.headers["upload-length"]) == (
        "100000",
        "200000",
    )


async def test_21_mb_are_too_much(harbour: Cast) -> None:
    asked = {"client_key": "phone-0001", "media_type": "audio/wav", "size": 21_000_000}
    answer = await harbour.cleo.http.post("/v1/me/uploads", json=asked)
    assert code(answer) == (422, "files.too_large")
    assert "shorter pieces" in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["video/quicktime", "image/heic", "text/html", "", "audio"])
async def test_what_is_not_taken_is_told_what_is(harbour: Cast, kind: str) -> None:
    answer = await announce(harbour.cleo, b"12345678", kind)
    assert answer.status_code == 422
    assert "JPEG, PNG or WebP" in answer.json()["errors"][0]["detail"]


@pytest.mark.parametrize(
    ("lie", "kind", "reason"),
    [(b"<html><script>", "image/png", "files.unknown_type"),
     (b"MZ\x90\0" + bytes(100), "audio/mpeg", "files.unknown_type"),
     (picture(), "audio/wav", "files.other_type"),
     (b"\xff\xd8\xff\xe0 no picture", "image/jpeg", "files.unreadable"),
     (b"ID3\x04\0\0\0\0\0\0" + b"MZ" * 99_000, "audio/mpeg", "files.unreadable")],
)  # fmt: skip
async def test_a_file_that_lies_is_refused_with_a_reason(
    harbour: Cast, lie: bytes, kind: str, reason: str
) -> None:
    sent = await send(harbour.cleo, lie, kind)
    assert (sent["status"], sent["refused"]["code"]) == ("refused", reason)
    assert code(await content(harbour.cleo, sent["id"])) == (404, "files.not_ready")


async def test_a_picture_is_what_it_is_not_what_it_is_called(harbour: Cast) -> None:
    assert (await send(harbour.cleo, picture("PNG"), "image/jpeg"))["media_type"] == "image/png"


async def test_the_same_part_twice_is_stored_once(harbour: Cast) -> None:
    whole = sound(200_000)
    url = await url_of(harbour, whole)
    first, again = [await part(harbour.cleo, url, 0, whole[:100_000]) for _ in range(2)]
    assert first.json()["offset"] == 100_000
    assert code(again) == (409, "files.offset")
    assert again.headers["upload-offset"] == "100000"
    last = await part(harbour.cleo, url, 100_000, whole[100_000:])
    assert (await content(harbour.cleo, last.json()["id"])).content == whole


async def test_parts_out_of_order_are_told_where_to_go_on(harbour: Cast) -> None:
    whole = sound(200_000)
    url = await url_of(harbour, whole)
    answer = await part(harbour.cleo, url, 100_000, whole[100_000:])
    assert (code(answer), answer.json()["offset"]) == ((409, "files.offset"), 0)


async def test_the_last_part_again_is_told_that_all_is_there(harbour: Cast) -> None:
    whole = sound(100)
    url = await url_of(harbour, whole)
    await part(harbour.cleo, url, 0, whole)
    assert code(await part(harbour.cleo, url, 0, whole)) == (409, "files.state")


async def test_two_devices_at_once_leave_one_whole_file(harbour: Cast) -> None:
    whole = sound(1_000_000)
    url = await url_of(harbour, whole)

    async def device(size: int) -> None:
        offset = 0
        while offset < len(whole):
            answer = await part(harbour.cleo, url, offset, whole[offset : offset + size])
            offset = int(answer.headers["upload-offset"])

    await asyncio.gather(*(device(size) for size in (70_000, 100_000, 130_000, 300_000)))
    upload_id = url.rpartition("/")[2]
    assert (await content(harbour.cleo, upload_id)).content == whole


async def test_a_part_that_was_cut_leaves_nothing(harbour: Cast) -> None:
    whole = sound(200_000)
    url = await url_of(harbour, whole)
    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "PATCH",
        "path": url, "raw_path": url.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "server": ("praxis.test", 80), "client": ("::1", 1),
        "headers": [(b"host", b"praxis.test"),
                    (b"authorization", f"Bearer {harbour.cleo.token}".encode()),
                    (b"upload-offset", b"0"), (b"content-type", PART.encode())],
    }  # fmt: skip
    said = [
        {"type": "http.request", "body": whole[:90_000], "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Any:
        return said.pop(0)

    async def drop(_: Any) -> None:
        return

    await harbour.clients.app(scope, receive, drop)
    assert (await harbour.cleo.http.get(url)).json()["offset"] == 0
    assert (await part(harbour.cleo, url, 0, whole)).json()["status"] == "ready"


async def test_a_crash_between_part_and_row_leaves_it_to_be_gone_on_with(harbour: Cast) -> None:
    whole = sound(200_000)
    url = await url_of(harbour, whole)
    upload_id = url.rpartition("/")[2]
    # What a kill leaves behind: a chunk that no row names, and a file that was not renamed yet.
    place = Place(harbour.practice_id, harbour.client_ids["cleo"], upload_id)
    for name in ("0-00000000deadbeef", ".0123456789abcdef"):
        await store(harbour.house.settings).put(place, name, b"cut")
    assert (await harbour.cleo.http.head(url)).headers["upload-offset"] == "0"
    await part(harbour.cleo, url, 0, whole)
    assert (await content(harbour.cleo, upload_id)).content == whole


@pytest.mark.parametrize(
    ("headers", "body", "expected"),
    [({"Content-Type": PART}, b"x", (422, "files.no_offset")),
     ({"Content-Type": PART, "Upload-Offset": "-1"}, b"x", (422, "files.no_offset")),
     ({"Content-Type": PART, "Upload-Offset": "0"}, b"", (422, "files.no_part")),
     ({"Content-Type": PART, "Upload-Offset": "0"}, b"x", (409, "files.part_too_small")),
     ({"Content-Type": PART, "Upload-Offset": "0"}, bytes(200_001), (409, "files.beyond_size")),
     ({"Content-Type": PART, "Upload-Offset": "0"}, bytes(MIB + 1), (413, "wire.too_large")),
     ({"Content-Type": "application/octet-stream", "Upload-Offset": "0"}, b"x",
      (409, "files.part_too_small")),
     ({"Content-Type": "application/json", "Upload-Offset": "0"}, b"{}",
      (415, "wire.media_type"))],
)  # fmt: skip
async def test_a_part_that_cannot_be_taken_is_told_why(
    harbour: Cast, headers: dict[str, str], body: bytes, expected: tuple[int, str]
) -> None:
    url = await url_of(harbour, sound(200_000))
    answer = await harbour.cleo.http.patch(url, content=body, headers=headers)
    assert code(answer) == expected


async def test_fifty_files_may_wait_and_no_more(harbour: Cast) -> None:
    for number in range(50):
        await announce(harbour.cleo, b"x", "audio/wav", client_key=f"phone-{number:04}")
    answer = await announce(harbour.cleo, b"x", "audio/wav", client_key="phone-last")
    assert code(answer) == (409, "files.too_many_waiting")
