"""Signing: what was read is attested, fixed for ever, and released to the client or held."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, or_, select

from app.access.grounds import Membership, Supervision
from app.access.practice import Practice
from app.access.visible import ME, PRACTICE
from app.core.errors import Conflict, Invalid
from app.core.ids import new_id
from app.core.statements import Query
from app.notes import bodies
from app.notes import service as notes
from app.notes.models import Note, NoteRelease, Signature
from app.notes.schemas import Held, Hold, Sign
from app.operation import preconditions, states
from app.operation.sealing import Row
from app.operation.work import Work
from app.practices.service import USUAL

BY_AUTHOR: Final = frozenset({"signed", "pending_cosign", "cosigned"})
"""The states of a note its author has signed."""

_cosigned = (
    select(Supervision.id)
    .where(
        Supervision.practice_id == PRACTICE,
        Supervision.supervisee_id == ME,
        Supervision.cosign_required,
        Supervision.starts_at <= func.now(),
        or_(Supervision.ends_at.is_(None), Supervision.ends_at > func.now()),
    )
    .exists()
)
_SIGNER = Query(
    select(
        Membership.user_id,
        Membership.words,
        Membership.roles,
        Practice.policies,
        _cosigned.label("needs_cosign"),
        func.now().label("at"),
    )
    .join(Practice, Practice.practice_id == Membership.practice_id)
    .where(Membership.practice_id == PRACTICE, Membership.user_id == ME)
)


async def sign(work: Work, note_id: str, asked: Sign) -> Row:
    """Sign a draft as its author, and release it; under cosigning it waits for the supervisor.

    Signing the same revision again changes nothing. Raises NotFound, Forbidden, Conflict
    `notes.state` or `notes.revision`, VersionRequired, Stale, and Invalid for what is not
    complete or a hold that is too long or over.
    """
    note = await notes.authored(work, note_id)
    if note["status"] in BY_AUTHOR and note["revision"] == asked.revision:
        return await notes.get(work, note_id)
    signer: Any = await work.row(_SIGNER)
    status = "pending_cosign" if signer["needs_cosign"] else "signed"
    states.demand("notes", notes.STATES, note["status"], status)
    if note["revision"] != asked.revision:
        raise Conflict(
            "notes.revision",
            "The draft was changed since the revision you read. Read it again, then sign.",
            revision=note["revision"],
        )
    seen = preconditions.demand(work, note["version"])
    bodies.demand_complete(note["format"], note["body"].value)
    at: datetime = signer["at"]
    hold = asked.release.hold if isinstance(asked.release, Held) else None
    if hold is not None:
        policies = USUAL | signer["policies"].value
        _demand_hold(hold, at, policies["release_hold_max_days"])
    await work.add(
        Signature,
        unless=("practice_id", "note_id", "purpose", "revision"),
        id=new_id(),
        client_id=note["client_id"],
        note_id=note_id,
        purpose="author",
        user_id=work.actor.user_id,
        words={
            "name": signer["name"],
            "licence": signer.get("licence"),
            "capacity": signer.get("title") or ", ".join(signer["roles"]),
            "time": at.isoformat(),
        },
        revision=note["revision"],
        digest=bodies.digest(note),
        signed_at=at,
    )
    await _settle(work, note, seen, status, at, hold)
    return await notes.get(work, note_id)


async def _settle(
    work: Work, note: Row, seen: int, status: str, at: datetime, hold: Hold | None
) -> None:
    """The note's new state; its release, or its hold, which a cosigner will find."""
    is_signed = status == "signed"
    await work.change(
        Note,
        note["id"],
        seen,
        status=status,
        signed_at=at if is_signed else None,
        released_at=(hold.until if hold else at) if is_signed else None,
    )
    work.tell(f"notes.{status}", note["id"], note["client_id"])
    if is_signed or hold:
        await work.add(
            NoteRelease,
            id=new_id(),
            client_id=note["client_id"],
            note_id=note["id"],
            audience="client",
            by_user_id=work.actor.user_id,
            hold_until=hold.until if hold else None,
            reason=hold.reason if hold else None,
        )
    if is_signed and not hold:
        work.tell("notes.released", note["id"], note["client_id"])


def _demand_hold(hold: Hold, at: datetime, longest_days: int) -> None:
    """Raises Invalid for a hold that ends before it begins, or later than the practice allows."""
    days = (hold.until - at).total_seconds() / 86_400
    if days <= 0:
        said = "A hold ends in the future."
    elif days > longest_days:
        said = f"This practice holds a note back for at most {longest_days} days."
    else:
        return
    raise Invalid(
        "notes.hold",
        said,
        errors=[{"pointer": "/release/hold/until", "code": "notes.hold", "detail": said}],
    )
