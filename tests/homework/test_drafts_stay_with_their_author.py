"""A therapist's draft is not the client's yet, in no list and at no address."""

from app.core.clock import now
from app.core.ids import SYSTEM, new_id
from app.homework.models import Assignment
from tests.cast import Cast
from tests.homework.scenes import EXERCISE, assign


async def draft(cast: Cast) -> str:
    assignment_id = new_id()
    await cast.write(
        Assignment,
        id=assignment_id,
        client_id=cast.client_ids["cleo"],
        episode_id=cast.episode_ids["cleo"],
        library_id=SYSTEM,
        exercise_version_id=str(EXERCISE.version.id),
        status="draft",
        words={"title": "Not yet", "rationale": "Not yet."},
        areas=[],
        opens_at=now(),
        zone="UTC",
        assigned_by=cast.thea.user_id,
    )
    return assignment_id


async def test_a_draft_does_not_end_the_list_early(harbour: Cast) -> None:
    made = await assign(harbour)
    for _ in range(3):
        await draft(harbour)
    listed = (await harbour.cleo.http.get("/v1/me/assignments?limit=2")).json()
    assert [one["id"] for one in listed["items"]] == [made["id"]]


async def test_a_draft_has_no_address_at_the_client_door(harbour: Cast) -> None:
    answer = await harbour.cleo.http.get(f"/v1/me/assignments/{await draft(harbour)}")
    assert answer.status_code == 404
