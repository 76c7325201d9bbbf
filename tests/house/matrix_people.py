"""Everyone who may ask for Kit's things: one caller for each relation the design tells apart.

Kit is a client of Thea's in Harbour, a minor with a guardian; Lakeside is the practice next door.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from app.access.actor import Actor
from app.vault.keyfile import Keys
from tests.cast import Cast, Clients, Person

KIT = "quillfeather"
"""Stands in every text that is planted for Kit, and in no other."""
HARBOUR = "saltmarsh"
"""Stands in every text that is Harbour's own, and in no other."""

FOCUS = "samphire"
"""Stands in what Kit's care is about, and nowhere else."""


class Plain(Clients):
    """HTTP clients whose answers are not held to the spec: where a wall is down, faults happen."""

    def new(self, **headers: str) -> httpx.AsyncClient:
        made = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://praxis.test", headers=headers
        )
        self._open.append(made)
        return made


NEXT_DOOR = "grandparent"
"""What Greta is to a client next door: no business of Harbour's."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Someone who calls. `headers` carry the token; strangers' tokens are not good."""

    name: str
    headers: Mapping[str, str]
    person: Person | None = None
    kind: str = ""
    roles: tuple[str, ...] = ()
    practice_id: str = ""


@dataclass(slots=True)
class People:
    """Both practices, and the callers by name."""

    harbour: Cast
    lakeside: Cast
    keys: Keys
    since: float
    episode_id: str = ""
    other_episode_id: str = ""
    callers: dict[str, Caller] = field(default_factory=dict)

    @property
    def kit(self) -> str:
        return self.harbour.client_ids["kit"]

    def put(
        self, name: str, person: Person, kind: str, roles: tuple[str, ...] = (), **more: str
    ) -> None:
        """A caller with that person's own sign-in."""
        headers = {"Authorization": f"Bearer {person.token}"}
        if "acting" in more:
            headers["Acting-For"] = more["acting"]
        practice = self.lakeside if name.startswith("next_") else self.harbour
        self.callers[name] = Caller(name, headers, person, kind, roles, practice.practice_id)


def acting(caller: Caller) -> str | None:
    """The client this caller is, or names as the one acted for."""
    assert caller.person is not None
    return caller.headers.get("Acting-For") or caller.person.client_id


def actor(caller: Caller) -> Actor:
    """This caller as a verified token says who they are."""
    assert caller.person is not None
    return Actor(
        caller.person.user_id,
        caller.person.sign_in_id,
        caller.practice_id,
        caller.kind,
        "_".join(caller.roles) or caller.kind,
        acting(caller),
    )
