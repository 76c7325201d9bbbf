"""A private key is made when it is first needed, once, and opens for that client in person only."""

import asyncio
from typing import Any

import pytest

from app.access.actor import Actor
from app.core.ids import SYSTEM, new_id
from app.homework.along import Draft
from app.operation.work import Work
from tests.cast import Cast, Person

KIND = "private"


def work_of(cast: Cast, person: Person, kind: str, client: str) -> tuple[Work, Any]:
    actor = Actor(
        person.user_id, person.sign_in_id, cast.practice_id, kind, kind, cast.client_ids[client]
    )
    work = Work(cast.house, operation="test", request_id=SYSTEM, actor=actor)
    return work, work.opened(work.entry(None))


async def test_one_key_however_many_need_it_first(harbour: Cast) -> None:
    async def key() -> bytes:
        work, transaction = work_of(harbour, harbour.cleo, "client", "cleo")
        async with transaction:
            made = await work._seals()._key(KIND, harbour.client_ids["cleo"])
            return made.raw

    assert len(set(await asyncio.gather(*(key() for _ in range(10))))) == 1


async def test_a_key_whose_making_came_to_nothing_seals_nothing(harbour: Cast) -> None:
    keys = []
    for fails in (True, False):
        work, transaction = work_of(harbour, harbour.cleo, "client", "cleo")
        try:
            async with transaction:
                made = await work._seals()._key(KIND, harbour.client_ids["cleo"])
                keys.append(made.raw)
                if fails:
                    raise InterruptedError
        except InterruptedError:
            pass
    assert keys[0] != keys[1]


async def test_a_client_does_not_open_anothers(harbour: Cast) -> None:
    work, transaction = work_of(harbour, harbour.cleo, "client", "cleo")
    with pytest.raises(PermissionError):
        async with transaction:
            await work.sealed(Draft.body, new_id(), harbour.client_ids["carl"], {})


async def test_a_guardian_opens_none(harbour: Cast) -> None:
    work, transaction = work_of(harbour, harbour.greta, "guardian", "kit")
    with pytest.raises(PermissionError):
        async with transaction:
            await work.sealed(Draft.body, new_id(), harbour.client_ids["kit"], {})


async def test_a_job_opens_none(harbour: Cast) -> None:
    work, transaction = harbour.job()
    with pytest.raises(PermissionError):
        async with transaction:
            await work.sealed(Draft.body, new_id(), harbour.client_ids["cleo"], {})
