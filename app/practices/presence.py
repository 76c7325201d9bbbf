"""Who of the staff is here now: asked by whatever must reach someone."""

from typing import Any

from sqlalchemy import ColumnElement, func, or_


def is_away(membership: Any) -> ColumnElement[bool]:
    """The member cannot be reached at work now: suspended, not begun, or left.

    This is the one place that says so. Absences that a member announces belong here too.
    """
    return or_(
        membership.suspended_at.is_not(None),
        membership.starts_at > func.now(),
        func.coalesce(membership.ends_at <= func.now(), False),
    )
