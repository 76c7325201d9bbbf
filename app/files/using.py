"""Files become part of what was sent: from then on they are kept, and read by who reads that."""

from collections.abc import Mapping
from typing import Any, Final, Literal

from sqlalchemy import Text, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.visible import ME, own, wall
from app.core.errors import FieldError, Invalid
from app.core.statements import UUID_TEXT, Query, p
from app.files.models import Upload
from app.operation.work import Row, Work

_NAMED: Final = (own(Upload), Upload.id == p("ids", ARRAY(UUID_TEXT)).any_())
_STANDING = Query(select(Upload.id, Upload.status, Upload.submission_id).where(*_NAMED))
_SENDERS: Final[dict[str, Any]] = {
    "self": true(),
    "guardian": wall("files", Upload.user_id == ME),
}
"""A guardian uses what they sent themselves: what the client recorded is the client's to use."""


def _use(capacity: str) -> Query:
    return Query(
        update(Upload)
        .where(
            *_NAMED,
            _SENDERS[capacity],
            or_(Upload.status == "looking", Upload.status == "ready"),
            or_(Upload.submission_id.is_(None), Upload.submission_id == p("submission_id")),
        )
        .values(
            submission_id=p("submission_id"),
            visible=p("visible", Text()),
            used_at=func.coalesce(Upload.used_at, func.now()),
            taken_back=False,
            changed_at=func.now(),
            version=Upload.version + 1,
        )
    )


_USE: Final = {who: _use(who) for who in _SENDERS}

_OF_IT: Final = (own(Upload), Upload.submission_id == p("submission_id"))
_LEAVE = Query(
    update(Upload)
    .where(*_OF_IT, ~(Upload.id == p("ids", ARRAY(UUID_TEXT)).any_()))
    .values(visible="own")
)
_TAKE_BACK = Query(update(Upload).where(*_OF_IT).values(taken_back=True))
_KEEP = Query(
    update(Upload)
    .where(
        *_OF_IT,
        or_(Upload.visible == "shared", Upload.visible == "therapist"),
        Upload.taken_back.is_(False),
    )
    .values(reviewed=True)
)
Visible = Literal["shared", "therapist", "summary_only"]
"""How far a file reaches that goes with answers: to guardians too, to staff, or to nobody."""


async def leave(work: Work, submission_id: str, kept: list[str]) -> None:
    """An edit names these files and no others: what it left out is read by the client alone."""
    await work.run(_LEAVE, submission_id=submission_id, ids=kept)


async def keep_for_staff(work: Work, submission_id: str) -> None:
    """What goes with it now was reviewed: staff go on reading it, whatever comes after."""
    await work.run(_KEEP, submission_id=submission_id)


async def take_back(work: Work, submission_id: str) -> None:
    """What they went with was taken back: guardians no longer read them."""
    await work.run(_TAKE_BACK, submission_id=submission_id)


async def use(
    work: Work,
    upload_ids: list[str],
    submission_id: str,
    visible: Visible,
    *,
    at: Mapping[str, str] | None = None,
) -> None:
    """Make these files part of a submission, in its transaction, as visible as its answers are.

    The submission's row must be there already. A file that is part of it already (an edit names
    it again) stays so. `at` says where in the body an id stood, as JSON pointers; without it,
    `/files/0` and so on. Raises Invalid `files.not_usable`, naming each that is unknown, not
    ready, or part of something else.
    """
    if not upload_ids:
        return
    ids = list(dict.fromkeys(upload_ids))
    rows = {row["id"]: row for row in await work.rows(_STANDING, ids=ids)}
    codes = {one: _why_not(rows.get(one), submission_id) for one in ids}
    anew = [one for one in ids if one in rows and rows[one]["submission_id"] is None]
    if not any(codes.values()):
        # What a guardian's edit names again of the client's own stays as the client left it.
        mine = _USE[work.actor.capacity]
        await work.run(mine, ids=ids, submission_id=submission_id, visible=visible)
        if anew:
            after = await work.rows(_STANDING, ids=anew)
            used = {row["id"] for row in after if row["submission_id"] == submission_id}
            codes |= {one: "files.unknown" for one in anew if one not in used}
    wrong = [
        FieldError(pointer=(at or {}).get(one, f"/files/{number}"), code=code, detail=_WORDS[code])
        for number, one in enumerate(ids)
        if (code := codes[one])
    ]
    if wrong:
        raise Invalid(
            "files.not_usable", "Some files cannot go with this. See which.", errors=wrong
        )


_WORDS: Final = {
    "files.unknown": "There is no such file of yours; what goes with nothing is kept for 24 hours."
    " Send it again.",
    "files.receiving": "This file has not arrived whole. Send the rest of it first.",
    "files.refused": "This file was not taken. Read why, and send another.",
    "files.used": "This file is part of something else that was sent. Send it again.",
}


def _why_not(row: Row | None, submission_id: str) -> str | None:
    if row is None:
        return "files.unknown"
    if row["status"] in ("receiving", "refused"):
        return f"files.{row['status']}"
    if row["submission_id"] not in (None, submission_id):
        return "files.used"
    return None
