"""Where the matrix plays: one setting's application, its people, and what was planted for Kit."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import asyncpg
import httpx
from fastapi import FastAPI

from app.models import metadata
from app.operation.house import House
from tests.contract import Checked, routes
from tests.files.sending import PART
from tests.house.matrix_people import HARBOUR, KIT, Caller, People


@dataclass(frozen=True, slots=True)
class Thing:
    """What a row is about. `shows` stands in every answer that shows it, and in no other."""

    id: str
    version: int = 1
    shows: str = KIT
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request: what goes into the operation's path, query, body, If-Match and key.

    Version 0 is none yet: If-None-Match.
    """

    path: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    version: int | None = None
    query: str = ""
    key: str | None = None
    part: bytes | None = None
    """A body of bytes, instead of JSON: a file's part, from its beginning."""


@dataclass(slots=True)
class Scene:
    """`setting` is one of `all`, `statements`, `rows`. `admin` sees past every wall."""

    setting: str
    app: FastAPI
    house: House
    people: People
    admin: "asyncpg.Connection[Any]"
    secrets: set[str] = field(default_factory=set)
    nearby: set[str] = field(default_factory=set)
    """Ids of Harbour's that are not Kit's, and no secret to those who keep the directory."""
    standing: dict[Any, Thing] = field(default_factory=dict)
    routes: dict[str, tuple[str, str]] = field(default_factory=dict)
    http: httpx.AsyncClient = field(init=False)
    calls: int = 0
    asked: str = ""
    """The operation that was asked last."""

    def __post_init__(self) -> None:
        checked = Checked(self.app) if self.setting == "all" else httpx.ASGITransport(self.app)
        self.http = httpx.AsyncClient(transport=checked, base_url="http://praxis.test")
        for route in routes(self.app):
            assert route.operation_id is not None
            self.routes[route.operation_id] = (sorted(route.methods or ())[0], route.path_format)
        kit = self.people.harbour.kit
        self.secrets |= {self.people.kit, self.people.episode_id, kit.user_id}

    async def ask(self, operation: str, ask: Ask, headers: Mapping[str, str]) -> httpx.Response:
        """The operation, called with these headers."""
        self.asked = operation
        method, path = self.routes[operation]
        sent = dict(headers)
        if ask.version is not None:
            seen = ("If-Match", f'"v{ask.version}"') if ask.version else ("If-None-Match", "*")
            sent[seen[0]] = seen[1]
        if ask.key is not None:
            sent["Idempotency-Key"] = ask.key
        if ask.part is not None:
            sent |= {"Upload-Offset": "0", "Content-Type": PART}
        url = path.format(**ask.path) + ask.query
        return await self.http.request(method, url, json=ask.body, content=ask.part, headers=sent)

    async def do(self, name: str, operation: str, ask: Ask) -> Any:
        """Plant something through the service itself, as that caller; the answer's body."""
        answer = await self.ask(operation, ask, self.people.callers[name].headers)
        assert answer.is_success, f"{operation} as {name}: {answer.status_code} {answer.text}"
        shown = answer.json() if answer.content else {}
        for key in ("id", "submission_id", "rating_id"):
            if shown.get(key):
                self.secrets.add(shown[key])
        return shown

    async def thing(self, plant: "Plant", caller: Caller, *, fresh: bool) -> Thing:
        """What a cell is about: one of its own, or the one that stands for all who may not."""
        if fresh or plant in NOW:
            return await plant(self, caller)
        if plant not in self.standing:
            self.standing[plant] = await plant(self, caller)
        return self.standing[plant]

    async def state(self) -> str:
        """A digest of everything Harbour has stored, except what a refusal itself leaves."""
        return str(await self.admin.fetchval(_STATE, self.people.harbour.practice_id))

    def marks(self) -> set[str]:
        """What tells that a row is Kit's, Harbour's or of someone in Harbour."""
        harbour = self.people.harbour
        return {KIT, HARBOUR, harbour.practice_id, *self.secrets} | {
            person.user_id for person in harbour.people.values()
        }

    async def next_key(self) -> str:
        """A client key nobody has used."""
        self.calls += 1
        return f"device-{self.setting}-{self.calls:06}"


Plant = Callable[[Scene, Caller], Awaitable[Thing]]
NOW: set[Plant] = set()


def now_for_each(plant: Plant) -> Plant:
    """A thing that is there already, looked up anew for each cell: its version may have moved."""
    NOW.add(plant)
    return plant


_LEFT_BY_REFUSALS = {"audit_events", "idempotency_keys"}
_STATE = "select md5(concat_ws('.', {}))".format(
    ", ".join(
        f"(select concat(count(*), ':', sum(hashtextextended(t::text, 0))) from {table.name} t"
        " where practice_id = $1)"
        for table in metadata.sorted_tables
        if "practice_id" in table.primary_key.columns and table.name not in _LEFT_BY_REFUSALS
    )
)


async def nothing(scene: Scene, caller: Caller) -> Thing:
    """For operations that are about no single thing: Kit's things are all there is."""
    return Thing("")
