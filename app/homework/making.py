"""Assignments come to be: for one client, for several at once, or as a copy."""

from datetime import date, datetime, timedelta
from typing import Any, Final

from app.clients import care
from app.core.clock import now
from app.core.errors import Conflict
from app.core.ids import new_id
from app.homework import assignments, checking, planning
from app.homework.models import Assignment
from app.homework.wanted import AssignmentCopy, AssignmentCreate, SharedAssignment
from app.library import languages
from app.library import service as library
from app.operation.work import Row, Work
from app.schedules import rules
from app.schedules.local import local_day
from app.schedules.shift import shifted

COPIED: Final = ("areas", "late_policy")


async def create(work: Work, client_id: str, asked: AssignmentCreate) -> Row:
    """Homework for a client: a draft, a proposal, or active when it was agreed in session.

    Raises as `care.treated_episode` does, and Invalid for an exercise, goal, topic, window or
    schedule that cannot be.
    """
    episode_id = await care.treated_episode(
        work, client_id, str(asked.episode_id) if asked.episode_id else None
    )
    exercise = await checking.exercise(work, asked.exercise_id)
    await checking.goal(work, client_id, asked.goal_id)
    topics = await checking.topics(work, client_id, asked.topics)
    client = await checking.client(work, client_id)
    assignment_id = await store(
        work,
        asked,
        exercise,
        client["locale"],
        client_id=client_id,
        episode_id=episode_id,
        zone=asked.zone or client["zone"],
        goal_id=str(asked.goal_id) if asked.goal_id else None,
        topics=topics,
    )
    return await assignments.get(work, assignment_id)


async def store(
    work: Work,
    asked: AssignmentCreate | SharedAssignment,
    exercise: Row,
    locale: str,
    **values: Any,
) -> str:
    """Write one as it was asked for, with its slots when it is active; its id.

    What was not worded is the exercise's, in the language nearest to `locale`. `values` are the
    client's: client_id, episode_id, zone, and goal_id and topics if any. Raises Invalid for a
    window or schedule that cannot be.
    """
    _, texts = languages.whole(exercise["texts"], locale, exercise["practice_locale"])
    status = "active" if asked.agreed else "draft" if asked.draft else "proposed"
    opens_at = asked.opens_at or (now() if asked.schedule.kind == "once" else None)
    checking.window(asked.schedule, (opens_at, asked.due_at, asked.closes_at))
    if asked.closes_at is not None and asked.closes_at <= now():
        raise checking.field("closes_at", "homework.window", "This has passed. Choose a later one.")
    begins = checking.start(asked.schedule, values["zone"])
    words = {
        "title": asked.title or texts["title"],
        "rationale": asked.rationale,
        "instructions": asked.instructions or texts.get("instructions"),
        "minimum_version": asked.minimum_version or texts.get("minimum"),
        "steps": list(asked.steps),
    }
    return await write(
        work,
        exercise,
        words,
        status=status,
        areas=list(exercise["areas"] if asked.areas is None else asked.areas),
        schedule=asked.schedule.model_dump(mode="json"),
        opens_at=opens_at or now(),
        due_at=asked.due_at,
        closes_at=asked.closes_at,
        starts_on=begins if status == "active" else None,
        zone_follows=asked.zone is None,
        late_policy=asked.late_policy,
        **values,
    )


async def write(
    work: Work, exercise: Row, words: Row, *, by: str | None = None, **values: Any
) -> str:
    """Insert one, with its slots when it is active, and tell of it; its id.

    `by` is the user who assigns it; the caller, unless a job does it for somebody.
    """
    assignment_id, client_id, status = new_id(), values["client_id"], values["status"]
    assigned_by = by or work.actor.user_id
    await work.add(
        Assignment,
        id=assignment_id,
        words=words,
        library_id=exercise["library_id"],
        exercise_version_id=exercise["exercise_version_id"],
        assigned_by=assigned_by,
        moved_by=assigned_by,
        **values,
    )
    if status == "active":
        await planning.plan(work, await planning.needed(work, client_id, assignment_id))
    told = {"active": "agreed", "draft": "drafted"}.get(status, status)
    work.tell(f"homework.{told}", assignment_id, client_id)
    return assignment_id


async def copy(work: Work, assignment_id: str, asked: AssignmentCopy) -> Row:
    """A draft like this one, of the exercise's current version, for the same client or another.

    Goal and topics go along only for the same client, and so do words that the client wrote, who
    took it up; a window or schedule that has begun begins now, and lasts as long.
    Raises as `assignments.to_change` and `care.treated_episode` do, and Conflict once the exercise
    is retired.
    """
    source = await assignments.to_change(work, assignment_id)
    client_id = str(asked.client_id or source["client_id"])
    same = client_id == source["client_id"]
    episode_id = await care.treated_episode(
        work,
        client_id,
        str(asked.episode_id) if asked.episode_id else None,
        rather=source["episode_id"],
    )
    version = await library.version(work, source["exercise_version_id"])
    exercise = await library.to_assign(work, version["exercise_id"])
    if exercise is None or exercise["is_retired"]:
        raise Conflict("homework.exercise", "Its exercise is retired. Assign another one.")
    client = await checking.client(work, client_id)
    zone = source["zone"] if same else client["zone"]
    made = await write(
        work,
        exercise,
        _words(source, exercise, client["locale"], same=same),
        status="draft",
        client_id=client_id,
        episode_id=episode_id,
        goal_id=source["goal_id"] if same else None,
        topics=source["topics"] if same else [],
        kept_by=source["kept_by"] if same else None,
        zone=zone,
        zone_follows=source["zone_follows"] or not same,
        schedule=_put_off(source, local_day(now(), zone)),
        **_window_from(source, now()),
        **{name: source[name] for name in COPIED},
    )
    return await assignments.get(work, made)


def _words(source: Row, exercise: Row, locale: str, *, same: bool) -> Row:
    if same or source["origin"] == "therapist":
        return {name: source[name] for name in assignments.WORDS}
    _, texts = languages.whole(exercise["texts"], locale, exercise["practice_locale"])
    return {
        "title": texts["title"],
        "rationale": texts.get("why") or texts["summary"],
        "instructions": texts.get("instructions"),
        "minimum_version": texts.get("minimum"),
        "steps": [],
    }


def _put_off(source: Row, today: date) -> Row:
    """The schedule from today on, as long as it was from the day the other one began."""
    began_on = source["starts_on"] or local_day(source["created_at"], source["zone"])
    rule = rules.stored(source["schedule"])
    begins = rules.start(rule, began_on)
    return shifted(rule, begins, today).model_dump(mode="json")


def _window_from(source: Row, moment: datetime) -> Row:
    """Its window as it is, or, where that has begun, as long a one from now."""
    later = max(moment - source["opens_at"], timedelta(0))
    return {
        name: source[name] + later if source[name] is not None else None for name in checking.WINDOW
    }
