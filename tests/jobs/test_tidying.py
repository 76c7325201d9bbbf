"""What is over is removed, what is not stays, and only the worker may across practices."""

import pytest

from app.core.ids import new_id
from app.jobs.delivering import do_chore
from app.jobs.registry import CHORES
from app.operation.house import House
from tests.cast import Cast
from tests.jobs.conftest import Admin
from tests.post import PASSWORD, address, client_login, sign_in


async def plant_key(cast: Cast, admin: Admin, hours: int) -> bytes:
    """A retry key of Thea's, that many hours old."""
    key: bytes = await admin.fetchval(
        "insert into idempotency_keys (practice_id, user_id, key_hash, fingerprint, status,"
        " created_at) values ($1, $2, $3, '\\x00', 201, now() - make_interval(hours => $4))"
        " returning key_hash",
        cast.practice_id,
        cast.thea.user_id,
        new_id().encode(),
        hours,
    )
    return key


@pytest.mark.parametrize(("hours", "left"), [(25, 0), (23, 1)])
async def test_retry_keys_go_after_a_day(
    harbour: Cast, worker: House, admin: Admin, hours: int, left: int
) -> None:
    key = await plant_key(harbour, admin, hours)
    await do_chore(worker, "tidy_idempotency_keys")
    count = "select count(*) from idempotency_keys where key_hash = $1"
    assert await admin.fetchval(count, key) == left


async def test_the_application_removes_no_retry_keys(
    harbour: Cast, house: House, admin: Admin
) -> None:
    key = await plant_key(harbour, admin, 25)
    await do_chore(house, "tidy_idempotency_keys")
    count = "select count(*) from idempotency_keys where key_hash = $1"
    assert await admin.fetchval(count, key) == 1


@pytest.mark.parametrize(("minutes", "left"), [(-1, 0), (1, 1)])
async def test_throttles_go_after_their_window(
    worker: House, admin: Admin, minutes: int, left: int
) -> None:
    subject = new_id().encode()
    await admin.execute(
        "insert into throttles (subject_hash, window_ends_at)"
        " values ($1, now() + make_interval(mins => $2))",
        subject,
        minutes,
    )
    await do_chore(worker, "tidy_throttles_and_resets")
    count = "select count(*) from throttles where subject_hash = $1"
    assert await admin.fetchval(count, subject) == left


@pytest.mark.parametrize(("hours", "left"), [(25, 0), (1, 1)])
async def test_requests_for_a_new_password_go_after_a_day(
    worker: House, admin: Admin, hours: int, left: int
) -> None:
    reset_id = new_id()
    await admin.execute(
        "insert into resets (id, email_hash, created_at)"
        " values ($1, '\\x00', now() - make_interval(hours => $2))",
        reset_id,
        hours,
    )
    await do_chore(worker, "tidy_throttles_and_resets")
    assert await admin.fetchval("select count(*) from resets where id = $1", reset_id) == left


@pytest.mark.parametrize(
    ("days", "state", "left"),
    [
        (31, "rotated_at = now()", 0),
        (31, "idle_until = now()", 0),
        (31, "rotated_at = null", 1),
        (29, "rotated_at = now()", 1),
    ],
)
async def test_refresh_tokens_go_when_used_up_and_a_month_old(
    harbour: Cast, worker: House, admin: Admin, days: int, state: str, left: int
) -> None:
    email = address()
    user_id = await client_login(harbour, email)
    await sign_in(harbour, email, PASSWORD)
    aged = f"created_at = now() - make_interval(days => {days}), {state}"
    await admin.execute(f"update refresh_tokens set {aged} where user_id = $1", user_id)
    await do_chore(worker, "tidy_refresh_tokens")
    count = "select count(*) from refresh_tokens where user_id = $1"
    assert await admin.fetchval(count, user_id) == left


async def test_the_queue_forgets_its_log_after_a_month(worker: House, admin: Admin) -> None:
    kept = await admin.fetchval(
        "insert into pgqueuer_log (created, job_id, status, priority, entrypoint)"
        " values (now() - interval '31 days', 1, 'successful', 0, 'event') returning id"
    )
    await do_chore(worker, "tidy_queue_log")
    count = "select count(*) from pgqueuer_log where id = $1"
    assert await admin.fetchval(count, kept) == 0


@pytest.mark.parametrize("name", sorted(CHORES))
async def test_every_chore_runs_when_there_is_nothing_to_do(
    worker: House, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await do_chore(worker, name)
    assert "chore_failed" not in capsys.readouterr().out
