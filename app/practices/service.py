"""The rules of a practice's own row: its name, place, crisis resources and policies."""

from typing import Any, Final

from sqlalchemy import Integer, Text, func, select, update
from sqlalchemy.dialects.postgresql import JSONB

from app.access.practice import Practice
from app.core.statements import Query, p
from app.operation import preconditions
from app.operation.work import Row, Work
from app.practices import members
from app.practices.schemas import CrisisResource, PracticeUpdate

USUAL: Final[dict[str, Any]] = {
    "former_access": "none",
    "release_hold_max_days": 30,
    "access_log_names": True,
    "after_care_days": 365,
    "reminder_default": "off",
    "late_counts": True,
    "on_call": None,
    "attention_minutes": 60,
    "outside_complaint_address": None,
    "desk_invites": "confirm",
}
"""The policies of a practice that has not decided otherwise."""

_WORDS: Final = ("name", "zone", "country", "locale")
_ONE = Query(
    select(
        Practice.practice_id.label("id"),
        Practice.name,
        Practice.zone,
        Practice.country,
        Practice.locale,
        Practice.crisis_resources,
        Practice.policies,
        Practice.created_at,
        Practice.changed_at,
        Practice.version,
    ).where(Practice.practice_id == p("practice_id"))
)
_CHANGE = Query(
    update(Practice)
    .where(Practice.practice_id == p("practice_id"), Practice.version == p("seen", Integer()))
    .values(
        name=p("name", Text()),
        zone=p("zone", Text()),
        country=p("country", Text()),
        locale=p("locale", Text()),
        crisis_resources=p("crisis_resources", JSONB()),
        policies=p("policies", JSONB()),
        version=Practice.version + 1,
        changed_at=func.now(),
    )
)


async def get(work: Work) -> Row:
    """The caller's practice."""
    row: Any = await work.row(_ONE)
    row["policies"] = USUAL | row["policies"].value
    return dict(row)


async def change(work: Work, asked: PracticeUpdate) -> Row:
    """Change the practice. Raises Invalid for a person on call who is no member, VersionRequired
    or Stale."""
    current = await get(work)
    given = asked.model_dump(mode="json", exclude_unset=True)
    policies = current["policies"] | given.get("policies", {})
    policies = {name: USUAL[name] if value is None else value for name, value in policies.items()}
    if policies["on_call"] != current["policies"]["on_call"]:
        await members.demand_on_staff(work, policies["on_call"], "/policies/on_call")
    seen = preconditions.demand(work, current["version"])
    if not given:
        return current
    changed = await work.run(
        _CHANGE,
        **{name: given.get(name, current[name]) for name in _WORDS},
        crisis_resources=complete(asked.crisis_resources)
        if "crisis_resources" in given
        else current["crisis_resources"],
        policies=policies,
        seen=seen,
    )
    if not changed:
        raise preconditions.stale()
    work.note("practice", outcome="changed")
    work.tell("practices.changed", work.practice_id)
    return await get(work)


def complete(resources: list[CrisisResource]) -> list[dict[str, Any]]:
    """Crisis resources as they are stored: every member there, so that they can be shown unread."""
    return [one.model_dump(mode="json") for one in resources]
