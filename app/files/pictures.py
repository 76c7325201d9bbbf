"""Pictures, drawn anew: what is seen stays, where and with what it was taken does not.

A file's own pixels are its only way through; whatever stood beside them (place, time, camera,
thumbnails, a film behind the picture) is not copied. A colour profile is applied and left out: the
colours come out as sRGB, which is what every reader takes a picture without a profile for.
"""

from contextlib import suppress
from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageCms, ImageOps

from app.files.unfit import Unfit, unreadable

MOST_PIXELS: Final = {"image/jpeg": 50_000_000, "image/png": 50_000_000, "image/webp": 16_000_000}
"""Some 400 MB while it is drawn anew; WebP takes three times as much for each pixel."""
MOST_SCANS: Final = 100
"""A JPEG made to be slow repeats itself in thousands of scans; a camera's has about ten."""

_SAVED: Final[dict[str, dict[str, Any]]] = {
    "image/jpeg": {"format": "JPEG", "quality": 90},
    "image/png": {"format": "PNG", "compress_level": 4},
    "image/webp": {"format": "WEBP", "quality": 90},
}
_MODES: Final = {
    "image/jpeg": ("L", "RGB"),
    "image/png": ("L", "LA", "RGB", "RGBA"),
    "image/webp": ("RGB", "RGBA"),
}

# Pillow's own check warns over this and refuses over twice as much, before anything is unpacked.
Image.MAX_IMAGE_PIXELS = max(MOST_PIXELS.values())


def clean(content: bytes, media_type: str) -> bytes:
    """The same picture, upright, of the same size and type, without anything said about it.

    Of a moving one the first frame. Raises Unfit, before anything is unpacked, for more pixels
    than `MOST_PIXELS`, and for what is not a whole picture of that type.
    """
    if media_type == "image/jpeg" and _scans(content) > MOST_SCANS:
        raise unreadable()
    try:
        with Image.open(BytesIO(content), formats=[_SAVED[media_type]["format"]]) as opened:
            if opened.width * opened.height > MOST_PIXELS[media_type]:
                raise Unfit("files.too_many_pixels")
            opened.load()
            ImageOps.exif_transpose(opened, in_place=True)
            drawn = _plain(_as_srgb(opened), _MODES[media_type])
        # What is saved repeats some of what was read: comments, colour profiles, resolution.
        drawn.info.clear()
        made = BytesIO()
        drawn.save(made, **_SAVED[media_type])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Unfit("files.too_many_pixels") from None
    except Unfit:
        raise
    except Exception:
        # Whatever a decoder stumbles over, and they differ, the file is what is wrong.
        raise unreadable() from None
    return made.getvalue()


_SRGB: Final = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
LARGEST_PROFILE: Final = 4 * 1024 * 1024


def _as_srgb(picture: Image.Image) -> Image.Image:
    """Return the picture with the colours its profile means; unchanged where it has none, or one
    that cannot be read."""
    profile = picture.info.get("icc_profile")
    if not profile or len(profile) > LARGEST_PROFILE:
        return picture
    if picture.mode == "P":
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    # Profiles speak of colours alone: how clear each point is stays as it was.
    clear = picture.getchannel("A") if picture.mode in ("LA", "RGBA") else None
    bare = picture.convert(picture.mode.removesuffix("A")) if clear else picture
    with suppress(ImageCms.PyCMSError, OSError, ValueError):
        meant = ImageCms.ImageCmsProfile(BytesIO(profile))
        drawn = ImageCms.profileToProfile(bare, meant, _SRGB, outputMode="RGB")
        assert drawn is not None
        if bare.mode == "L":
            drawn = drawn.convert("L")
        if clear:
            drawn.putalpha(clear)
        return drawn
    return picture


def _plain(picture: Image.Image, modes: tuple[str, ...]) -> Image.Image:
    """In one of these modes, 8 bits a channel."""
    if picture.mode in modes:
        return picture
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    clear = picture.has_transparency_data
    for mode in ("LA", "RGBA") if clear and "RGBA" in modes else ("L", "RGB"):
        if mode in modes and (mode[0] == "R" or picture.mode in ("1", "L", "LA")):
            return picture.convert(mode)
    return picture.convert("RGB")


def _scans(content: bytes) -> int:
    """How many scans a JPEG has, up to its end; a thumbnail's inside a segment do not count."""
    place, scans, size = 2, 0, len(content)
    while place + 4 <= size and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xFF:
            place += 1
            continue
        if marker == 0xD9:
            break
        place += 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        if marker == 0xDA:
            scans += 1
            place = _after_scan(content, place)
    return scans


def _after_scan(content: bytes, place: int) -> int:
    """Where the next marker stands: not a stuffed byte, nor a restart within the scan."""
    while (place := content.find(b"\xff", place)) >= 0 and place + 1 < len(content):
        after = content[place + 1]
        if after != 0 and not 0xD0 <= after <= 0xD7 and after != 0xFF:
            return place
        place += 1
    return len(content)
