"""Changing an assignment: what is past, answered or open stays as it is."""

from datetime import datetime
from typing import Any, Final

from app.core.clock import now
from app.homework import assignments, checking, planning
from app.homework.models import Assignment
from app.homework.stating import STATES, demand, demand_seen, is_there, move
from app.homework.wanted import AssignmentUpdate
from app.operation import states
from app.operation.work import Row, Work
from app.schedules import rules

CHANGEABLE: Final = frozenset({"draft", "proposed", "active", "paused"})
_TIMES: Final = frozenset({"schedule", "zone", *checking.WINDOW})


async def update(work: Work, assignment_id: str, asked: AssignmentUpdate) -> Row:
    """Change words, window, schedule. Slots that are open, answered or past stay as they are.

    What changes nothing makes no new version. Raises Conflict in a state that is over or
    declined, VersionRequired, Stale, Invalid.
    """
    current = await assignments.to_change(work, assignment_id)
    if current["status"] not in CHANGEABLE:
        states.refuse("homework", STATES, current["status"], "changed")
    values = await _changes(work, current, asked)
    seen = demand_seen(work, current, None)
    if not values:
        return await assignments.shown(work, current)
    await work.change(Assignment, assignment_id, seen, client_id=current["client_id"], **values)
    if _TIMES & values.keys():
        needed = await planning.needed(work, current["client_id"], assignment_id)
        await planning.replan(work, needed)
    work.tell("homework.changed", assignment_id, current["client_id"])
    return await assignments.get(work, assignment_id)


async def revise(work: Work, assignment_id: str, asked: AssignmentUpdate) -> Row:
    """Propose anew what was declined, changed or as it is; why it was declined stays readable.

    Raises Conflict unless it is declined, VersionRequired, Stale, Invalid.
    """
    current = await assignments.to_change(work, assignment_id)
    values = await _changes(work, current, asked)
    if is_there(work, current, "proposed") and not values:
        return await assignments.shown(work, current)
    demand(current, "proposed", frozenset({"declined"}))
    await move(work, current, "proposed", told="homework.proposed", **values)
    return await assignments.get(work, assignment_id)


async def _changes(work: Work, current: Row, asked: AssignmentUpdate) -> Row:
    """The columns that differ from what is stored, checked."""
    given = asked.model_dump(exclude_unset=True)
    client_id = current["client_id"]
    await checking.goal(work, client_id, given.get("goal_id"))
    wanted: Row = {name: given[name] for name in ("areas", "late_policy") if name in given}
    if "goal_id" in given:
        wanted["goal_id"] = str(given["goal_id"]) if given["goal_id"] else None
    if "topics" in given:
        wanted["topics"] = await checking.topics(work, client_id, given["topics"])
    if "zone" in given:
        wanted["zone_follows"] = given["zone"] is None
        wanted["zone"] = given["zone"] or (await checking.client(work, client_id))["zone"]
    if "step" in given:
        wanted |= {"size": "whole", "step": given["step"]}
    if "size" in given:
        wanted["size"] = given["size"]
    wanted |= _times(current, asked, given, str(wanted.get("zone", current["zone"])))
    stored = current | {"schedule": current["schedule"].value}
    values = {name: value for name, value in wanted.items() if value != stored[name]}
    words = {name: given.get(name, current[name]) for name in assignments.WORDS}
    if any(words[name] != current[name] for name in words):
        values = {"words": words} | _fitting(current, words) | values
    _demand_size(words, given)
    return values


def _fitting(current: Row, words: Row) -> Row:
    """The size and step that are left when what they stood for is gone."""
    values: Row = {}
    if words["minimum_version"] is None and current["size"] == "minimum":
        values["size"] = "whole"
    if current["step"] is not None and current["step"] > len(words["steps"]):
        values["step"] = None
    return values


def _demand_size(words: Row, given: Row) -> None:
    """Raises Invalid for a size or a step that it does not have."""
    if given.get("size") == "minimum" and words["minimum_version"] is None:
        raise checking.field("size", "homework.size", "It has no minimum version to take.")
    if (given.get("step") or 0) > len(words["steps"]):
        raise checking.field("step", "homework.step", "It has no such step. Count from 1.")


def _times(current: Row, asked: AssignmentUpdate, given: Row, zone: str) -> Row:
    """Schedule and window, where either is given. Homework that begins anew counts from now."""
    held = rules.read(current["schedule"].value)
    rule = asked.schedule if "schedule" in given else held
    window: list[datetime | None] = [given.get(name) for name in checking.WINDOW]
    values: Row = {}
    if rule.kind == "once":
        if held.kind == "once":
            window = [given.get(name, current[name]) for name in checking.WINDOW]
        window[0] = window[0] or now()
    if "schedule" in given or any(name in given for name in checking.WINDOW):
        checking.window(rule, window)
        if rule.kind == "once":
            values = dict(zip(checking.WINDOW, window, strict=True))
    if "schedule" in given:
        values["schedule"] = rule.model_dump(mode="json")
        if rule != held:
            begins: Any = checking.start(rule, zone)
            values["starts_on"] = begins if current["status"] in ("active", "paused") else None
            if rule.kind != "once":
                values |= {"opens_at": now(), "due_at": None, "closes_at": None}
    return values
