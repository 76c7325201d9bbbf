"""What a file is, and that nothing stays in it but what is seen or heard."""

from io import BytesIO
from struct import pack
from zlib import compress, crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from app.files import mp4, mpeg, ogg, pictures, wav, webm
from app.files.cleaning import clean
from app.files.sniffing import SUFFIXES, TAKEN, named, sniff
from app.files.unfit import Unfit
from tests.files.sending import picture, placed, sample, sound

SAID = (b"Grandmother", b"secret", b"Cleo", b"52.5", b"2026-11-01")
SOUNDS = {
    "voice.mp3": "audio/mpeg", "voice.m4a": "audio/mp4", "frag.m4a": "audio/mp4",
    "voice.ogg": "audio/ogg", "voice.webm": "audio/webm", "live.webm": "audio/webm",
    "voice.wav": "audio/wav",
}  # fmt: skip
CLEANERS = (mp4.clean, mpeg.clean, ogg.clean, wav.clean, webm.clean)


@pytest.mark.parametrize(("name", "kind"), SOUNDS.items())
async def test_a_voice_note_loses_what_it_says_beside_its_sound(name: str, kind: str) -> None:
    found, kept = await clean(sample(name), kind)
    assert found == kind
    assert [word for word in SAID if word in sample(name)] != []
    assert [word for word in SAID if word in kept] == []


@pytest.mark.parametrize("name", SOUNDS)
async def test_cleaning_a_clean_file_changes_nothing(name: str) -> None:
    kind = SOUNDS[name]
    once = (await clean(sample(name), kind))[1]
    assert (await clean(once, kind))[1] == once


@pytest.mark.parametrize("name", ["voice.m4a", "frag.m4a", "voice.ogg", "voice.webm"])
async def test_positions_in_a_file_hold(name: str) -> None:
    assert len((await clean(sample(name), SOUNDS[name]))[1]) == len(sample(name))


def test_the_boxes_of_an_mp4_that_said_something_are_free_space() -> None:
    kept = mp4.clean(sample("voice.m4a"))
    assert b"udta" in sample("voice.m4a")
    assert [box for box in (b"udta", b"meta", b"\xa9xyz", b"loci", b"uuid") if box in kept] == []


def test_place_and_camera_go_and_the_picture_stands_upright() -> None:
    taken = picture(exif=placed())
    assert b"Secretphone" in taken
    kept = pictures.clean(taken, "image/jpeg")
    shown = Image.open(BytesIO(kept))
    assert (shown.size, dict(shown.getexif()), b"Exif" in kept) == ((40, 60), {}, False)
    # It lay on its side: what was on the left is on top.
    assert [shown.getpixel((20, y))[0] > 200 for y in (5, 55)] == [True, False]  # type: ignore[index]


@pytest.mark.parametrize(("form", "kind"), [("PNG", "image/png"), ("WEBP", "image/webp")])
def test_other_pictures_lose_it_too(form: str, kind: str) -> None:
    taken = picture(form, exif=placed().tobytes())
    assert b"Secretphone" in taken
    assert b"Secretphone" not in pictures.clean(taken, kind)


def test_what_hangs_behind_a_picture_goes() -> None:
    kept = pictures.clean(picture() + b"ftypmp42 a film of the room", "image/jpeg")
    assert b"a film" not in kept


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16", "CMYK"])
@pytest.mark.parametrize(("form", "kind"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_every_kind_of_picture_is_kept(mode: str, form: str, kind: str) -> None:
    made = BytesIO()
    try:
        Image.new(mode, (9, 5)).save(made, form)
    except OSError:
        return
    assert Image.open(BytesIO(pictures.clean(made.getvalue(), kind))).size == (9, 5)


def chunk(name: bytes, body: bytes) -> bytes:
    return pack(">I", len(body)) + name + body + pack(">I", crc32(name + body))


@pytest.mark.parametrize("side", [7_200, 60_000])
def test_a_picture_that_unpacks_to_gigabytes_is_refused_unopened(side: int) -> None:
    head = chunk(b"IHDR", pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", compress(bytes(1_000_000)))
    with pytest.raises(Unfit, match="too_many_pixels"):
        pictures.clean(bomb, "image/png")


def test_a_picture_made_to_be_slow_is_refused() -> None:
    content = picture(progressive=True)
    scan = content.index(b"\xff\xda")
    with pytest.raises(Unfit, match="unreadable"):
        pictures.clean(content[:-2] + content[scan:-2] * 200 + b"\xff\xd9", "image/jpeg")


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"%PDF-1.7", b"MZ\x90\0", b"<svg xmlns=", b"\0\0\0\x18ftypheic",
     b"\0\0\0\x18ftypavif", b"RIFF\0\0\0\0AVI ", b"PK\x03\x04", b"<html>"],
)  # fmt: skip
async def test_anything_else_is_none_of_what_is_taken(content: bytes) -> None:
    with pytest.raises(Unfit, match="unknown_type"):
        await clean(content, "image/jpeg")


@pytest.mark.parametrize("name", ["voice.m4a", "frag.m4a", "voice.ogg", "voice.wav", "voice.webm"])
async def test_half_a_recording_is_told_from_a_whole_one(name: str) -> None:
    with pytest.raises(Unfit, match="unreadable"):
        await clean(sample(name)[: len(sample(name)) // 2], SOUNDS[name])


@pytest.mark.parametrize(("form", "kind"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
async def test_half_a_picture_is_too(form: str, kind: str) -> None:
    content = picture(form, (400, 400))
    with pytest.raises(Unfit, match="unreadable"):
        await clean(content[: len(content) // 2], kind)


def test_a_film_is_no_voice_note() -> None:
    film = sample("voice.m4a").replace(b"soun", b"vide")
    with pytest.raises(Unfit, match="not_sound_alone"):
        mp4.clean(film)


def test_a_wav_keeps_its_sound_alone() -> None:
    plain = sound(100)
    said = plain[:12] + b"LIST\x04\0\0\0INFO" + plain[12:] + b"id3 \x02\0\0\0hi"
    assert wav.clean(said) == plain


def test_an_mp3_is_its_frames() -> None:
    kept = mpeg.clean(sample("voice.mp3"))
    assert mpeg.clean(b"ID3\x04\0\0\0\0\0\x04four" + kept + b"TAG" + bytes(125)) == kept


@given(st.binary(max_size=400), st.sampled_from(CLEANERS), st.sampled_from(sorted(SOUNDS)))
def test_no_damage_is_a_fault_of_ours(noise: bytes, cleaner: object, name: str) -> None:
    content = sample(name)
    for broken in (
        noise,
        content[:200] + noise + content[200 + len(noise) :],
        content[:12] + noise,
    ):
        try:
            kept = cleaner(broken)  # type: ignore[operator]
        except Unfit:
            continue
        assert isinstance(kept, bytes)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("audio/webm;codecs=opus", "audio/webm"), ("IMAGE/JPG", "image/jpeg"),
     ("audio/x-m4a", "audio/mp4"), ("text/html", "text/html")],
)  # fmt: skip
def test_devices_name_types_in_their_own_ways(written: str, meant: str) -> None:
    assert named(written) == meant


def test_every_type_has_a_suffix() -> None:
    assert set(SUFFIXES) == TAKEN
    assert sniff(sound(60)) == "audio/wav"


def swapped_profile() -> bytes:
    """A colour profile in which red is called green, and green red."""
    named = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return (
        named.replace(b"rXYZ", b"????", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"????", b"gXYZ", 1)
    )


@pytest.mark.parametrize(("form", "kind"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_colour_profile_is_applied_before_it_is_left_out(form: str, kind: str, mode: str) -> None:
    if (form, mode) == ("JPEG", "RGBA"):
        return
    made = BytesIO()
    Image.new(mode, (16, 16), "red").save(made, form, icc_profile=swapped_profile())
    shown = Image.open(BytesIO(pictures.clean(made.getvalue(), kind)))
    assert "icc_profile" not in shown.info
    red, green, *_ = shown.getpixel((8, 8))  # type: ignore[misc]
    assert green > 200 > 100 > red


def test_a_broken_colour_profile_keeps_the_picture() -> None:
    made = BytesIO()
    Image.new("RGB", (16, 16), "red").save(made, "PNG", icc_profile=b"no profile")
    shown = Image.open(BytesIO(pictures.clean(made.getvalue(), "image/png")))
    assert shown.getpixel((8, 8)) == (255, 0, 0)
