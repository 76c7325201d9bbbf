"""A client takes up an exercise for themselves: no proposal, no permission asked."""

from typing import Any

from sqlalchemy import Text, select

from app.access.visible import own
from app.clients import mine as profiles
from app.clients.default_visibility import HAS_GUARDIANS, kept_by
from app.clients.models import Episode
from app.core.clock import now
from app.core.errors import Conflict
from app.core.statements import Query, p
from app.homework import agreeing, checking, toolbox
from app.homework.making import write
from app.homework.models import Assignment
from app.homework.senders import write_once
from app.homework.wanted import MyAssignmentCreate
from app.library import languages
from app.operation import once
from app.operation.work import Row, Work

_UNDER_KEY = Query(
    select(Assignment.id, Assignment.client_id, Assignment.body_hash, Assignment.assigned_by).where(
        own(Assignment), Assignment.client_key == p("client_key", Text())
    )
)
_EPISODE = Query(
    select(Episode.id, Episode.client_id, languages.OF_CLIENT.label("locale"), HAS_GUARDIANS)
    .where(own(Episode))
    .order_by(Episode.closed_at.desc().nulls_first(), Episode.opened_on.desc(), Episode.id.desc())
    .limit(1)
)


async def create(work: Work, asked: MyAssignmentCreate) -> tuple[Row, bool]:
    """An assignment of one's own, active at once; it, and whether it is new.

    It belongs to the newest open episode, or else the newest. Raises Invalid for an exercise that
    is not in the toolbox, a schedule that cannot be, or other content under a known key, and
    Conflict without any episode.
    """
    said = once.fingerprint(work.client_id, asked, about="my_assignment")
    earlier = await work.row(_UNDER_KEY, client_key=asked.client_key)
    if earlier is not None:
        if earlier["assigned_by"] != work.actor.user_id:
            raise once.taken()
        receipt = await agreeing.mine(work, earlier["id"])
        once.demand_same(earlier["body_hash"], said, receipt)
        return receipt, False
    exercise = await checking.exercise(work, asked.exercise_id)
    if not await toolbox.in_toolbox(work, str(asked.exercise_id)):
        raise checking.field(
            "exercise_id",
            "homework.not_in_toolbox",
            "This exercise is not in your toolbox. Take one from there, or ask your therapist.",
        )
    zone = asked.zone or await profiles.zone(work)
    begins = checking.start(asked.schedule, zone)
    episode: Any = await work.row(_EPISODE)
    if episode is None:
        raise Conflict("episodes.none_open", "There is no care here that this could belong to.")
    wanted = (episode["locale"], exercise["practice_locale"])
    _, texts = languages.whole(exercise["texts"], *wanted)
    words: Row = {
        "title": asked.title or texts["title"],
        "rationale": asked.rationale or texts.get("why") or texts["summary"],
        "instructions": texts.get("instructions"),
        "minimum_version": texts.get("minimum"),
        "steps": [],
    }
    values: Row = {
        "client_id": work.client_id,
        "episode_id": episode["id"],
        "status": "active",
        "origin": "client",
        "areas": list(exercise["areas"]),
        "schedule": asked.schedule.model_dump(mode="json"),
        "starts_on": begins,
        "opens_at": now(),
        "zone": zone,
        "zone_follows": asked.zone is None,
        "client_key": asked.client_key,
        "body_hash": said.digest,
        "answered_as": work.actor.capacity,
        "kept_by": kept_by(work, asked.visibility, has_guardians=episode["has_guardians"]),
    }
    made = await write_once(
        work,
        lambda: write(work, exercise, words, **values),
        key="uq_assignments_practice_id_client_id_client_key",
        is_there=lambda: work.row(_UNDER_KEY, client_key=asked.client_key),
    )
    return await agreeing.mine(work, made), True
