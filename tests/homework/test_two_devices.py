"""Two devices write one draft: whatever they do, and at once, no saved words are overwritten by a
device that has not seen them."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tests.homework.scenes import EXERCISE, assign, submission

ACTS = st.sampled_from(("save", "save", "save", "read", "discard", "send"))


@dataclass(slots=True)
class Journal:
    """What the service agreed to."""

    versions: list[int] = field(default_factory=list)
    """Made, in whatever order."""
    went_on_from: list[int] = field(default_factory=list)
    """Saved over, or thrown away."""
    sent: int = 0
    began: int = 0


@dataclass(slots=True)
class Device:
    """`version` is that of the draft it holds; 0: it knows of none."""

    http: httpx.AsyncClient
    url: str
    name: str
    journal: Journal
    version: int = 0
    acts: int = 0

    async def act(self, kind: str) -> None:
        self.acts += 1
        await getattr(self, kind)()

    def _seen(self) -> dict[str, str]:
        return {"If-Match": f'"v{self.version}"'} if self.version else {"If-None-Match": "*"}

    async def save(self) -> None:
        words = {"what_happened": f"{self.name} {self.acts}"}
        body = {"exercise_version_id": str(EXERCISE.version.id), "answers": words}
        answer = await self.http.put(self.url, json=body, headers=self._seen())
        if answer.status_code == 412:
            await self.read()
            return
        assert answer.status_code == (200 if self.version else 201), answer.text
        self.journal.began += not self.version
        if self.version:
            self.journal.went_on_from.append(self.version)
        self.version = answer.json()["version"]
        self.journal.versions.append(self.version)

    async def read(self) -> None:
        answer = await self.http.get(self.url)
        self.version = answer.json()["version"] if answer.status_code == 200 else 0

    async def discard(self) -> None:
        if not self.version:
            return
        answer = await self.http.delete(self.url, headers=self._seen())
        assert answer.status_code in (204, 404, 412), answer.text
        if answer.status_code == 204:
            self.journal.went_on_from.append(self.version)
        self.version = 0

    async def send(self) -> None:
        body: dict[str, Any] = submission(f"{self.name}-{self.acts:08}")
        answer = await self.http.post(self.url.replace("draft", "submissions"), json=body)
        assert answer.status_code == 201, answer.text
        self.journal.sent += 1


@given(together=st.lists(st.tuples(ACTS, ACTS), max_size=12))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_no_version_is_written_over_twice_or_comes_again(
    harbour: Cast, together: list[tuple[str, str]]
) -> None:
    made = await assign(harbour)
    today = await harbour.cleo.http.get("/v1/me/today?zone=Europe/Berlin")
    where = next(one["id"] for one in today.json()["open"] if one["assignment_id"] == made["id"])
    journal, url = Journal(), f"/v1/me/occurrences/{where}/draft"
    prefix = where.replace("-", "")
    phone, tablet = (
        Device(harbour.cleo.http, url, f"{name}{prefix}", journal) for name in ("phone", "tablet")
    )
    for one, other in together:
        await asyncio.gather(phone.act(one), tablet.act(other))
    versions, built_on = sorted(journal.versions), sorted(journal.went_on_from)
    assert versions == list(range(1, len(versions) + 1))
    assert built_on == sorted(set(built_on))
    left = await harbour.cleo.http.get(url)
    if left.status_code == 200:
        assert left.json()["version"] == versions[-1]
        assert versions[-1] not in built_on
    assert journal.began <= 1 + journal.sent + len(built_on)
