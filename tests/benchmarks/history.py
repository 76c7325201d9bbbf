"""Rows in bulk: slots that wait, and what clients sent before."""

import os
from typing import Any, Final

import asyncpg

from app.core.ids import SYSTEM
from tests.homework.scenes import EXERCISE

SENT_BEFORE: Final = 30
"""What each of these clients has sent already, so that the tables look lived in."""

_SLOTS: Final = """
insert into occurrences
    (practice_id, id, client_id, assignment_id, slot, local_on, opens_at, status)
select $1, uuidv7(), client, assignment, $5 || n, current_date, now() - interval '1 hour', $6
  from generate_series(1, $4::int) n, unnest($2::uuid[], $3::uuid[]) as t(client, assignment)
returning client_id::text, id::text
"""
_SUBMISSIONS: Final = """
insert into submissions
    (practice_id, id, client_id, occurrence_id, assignment_id, episode_id, outcome)
select o.practice_id, uuidv7(), o.client_id, o.id, o.assignment_id, a.episode_id, 'completed'
  from occurrences o join assignments a on a.practice_id = o.practice_id and a.id = o.assignment_id
 where o.practice_id = $1 and o.status = 'submitted' and o.slot like 'past-%'
"""
_VERSIONS: Final = """
insert into submission_versions
    (practice_id, id, client_id, submission_id, number, client_key, body_hash, outcome,
     answers_visible, library_id, exercise_version_id, obstacles, attention, dropped,
     occurred_at, occurred_corrected_at, zone, in_window, by_user_id, capacity)
select practice_id, uuidv7(), client_id, id, 1, 'device-' || id, $2, outcome, 'shared', $3, $4,
       '{}', '{}', '{}', now(), now(), 'Europe/Berlin', true, client_id, 'self'
  from submissions s where practice_id = $1
   and not exists (select from submission_versions v where v.practice_id = s.practice_id
                   and v.submission_id = s.id)
"""
_ANSWERS: Final = """
insert into submission_answers (practice_id, id, client_id, visible, answers)
select practice_id, id, client_id, 'shared', $2 from submission_versions where practice_id = $1
"""


async def fill_slots(
    admin: "asyncpg.Connection[Any]",
    practice_id: str,
    assigned: list[tuple[str, str]],
    each: int,
) -> list[tuple[str, str]]:
    """So many open slots for each (client, assignment), as (client, slot); and a past for each.

    Nobody reads the answers of the past, so they share one meaningless sealed value.
    """
    clients, assignments = map(list, zip(*assigned, strict=True))
    who = (practice_id, clients, assignments)
    await admin.execute(_SLOTS, *who, SENT_BEFORE, "past-", "submitted")
    await admin.execute(_SUBMISSIONS, practice_id)
    version = str(EXERCISE.version.id)
    await admin.execute(_VERSIONS, practice_id, bytes(32), SYSTEM, version)
    await admin.execute(_ANSWERS, practice_id, os.urandom(200))
    waiting = await admin.fetch(_SLOTS, *who, each, "open-", "upcoming")
    await admin.execute("vacuum analyze")
    return [(client, slot) for client, slot in waiting]
