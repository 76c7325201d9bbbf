"""Whose entry something is: the client's, or that of the guardian who sent it."""

from app.core.errors import Forbidden
from app.operation.work import Row, Work


def sender(work: Work) -> dict[str, str | None]:
    """Whose entry the caller sends: a guardian's own, or the client's."""
    is_guardian = work.actor.capacity == "guardian"
    return {"guardian_id": work.actor.user_id if is_guardian else None}


def demand_own(work: Work, entry: Row) -> None:
    """Raises Forbidden `homework.not_yours` for an entry that somebody else sent."""
    if entry["guardian_id"] != sender(work)["guardian_id"]:
        raise Forbidden(
            "homework.not_yours",
            "Somebody else sent this. Send your own for the same slot: it stands beside, and"
            " changes nothing of theirs.",
        )
