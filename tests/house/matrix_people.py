"""Everyone who may ask for Kit's things: one caller for each relation the design tells apart.

Kit is a client of Thea's in Harbour, a minor with a guardian; Lakeside is the practice next door.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric import ec

from app.access.grounds import Bar, BreakGlass, CareAssignment, Guardian, Membership, Supervision
from app.accounts.models import SignIn
from app.clients.models import Episode, EpisodeFocus
from app.core.clock import now
from app.core.ids import new_id
from app.operation.house import House
from app.operation.work import Work
from app.vault.keyfile import Keys
from tests.access.forging import fresh_pem, signed
from tests.cast import GUARDIAN_SCOPES, Cast, Clients, Person, stage

KIT = "quillfeather"
"""Stands in every text that is planted for Kit, and in no other."""
HARBOUR = "saltmarsh"
"""Stands in every text that is Harbour's own, and in no other."""

FOCUS = "samphire"
"""Stands in what Kit's care is about, and nowhere else."""

DAY = timedelta(days=1)


class Plain(Clients):
    """HTTP clients whose answers are not held to the spec: where a wall is down, faults happen."""

    def new(self, **headers: str) -> httpx.AsyncClient:
        made = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app), base_url="http://praxis.test", headers=headers
        )
        self._open.append(made)
        return made


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


async def gather(house: House, clients: Clients, keys: Keys) -> People:
    """Both practices staged, with everyone who may ask for Kit's things."""
    people = People(
        await stage(house, clients, f"Harbour {HARBOUR}"),
        await stage(house, clients, "Lakeside"),
        keys,
    )
    people.episode_id = people.harbour.episode_ids["kit"]
    _usual(people)
    work, transaction = people.harbour.job()
    async with transaction:
        await _staff(people, work)
        await _guardians(people, work)
    _strangers(people, house)
    return people


def _usual(people: People) -> None:
    harbour, lakeside, kit = people.harbour, people.lakeside, people.kit
    therapist = ("therapist",)
    people.put("treating", harbour.thea, "staff", therapist)
    people.put("supervisor", harbour.sam, "staff", therapist)
    people.put("colleague", harbour.theo, "staff", therapist)
    people.put("owner", harbour.ana, "staff", ("owner",))
    people.put("assistant", harbour.abe, "staff", ("assistant",))
    people.put("client", harbour.kit, "client")
    people.put("sibling", harbour.cleo, "client")
    people.put("colleagues_client", harbour.carl, "client")
    people.put("client_as_another", harbour.cleo, "client", acting=kit)
    people.put("guardian", harbour.greta, "guardian", acting=kit)
    people.put("guardian_unnamed", harbour.greta, "guardian")
    people.put("next_therapist", lakeside.thea, "staff", therapist)
    people.put("next_owner", lakeside.ana, "staff", ("owner",))
    people.put("next_assistant", lakeside.abe, "staff", ("assistant",))
    people.put("next_client", lakeside.kit, "client")
    people.put("next_guardian", lakeside.greta, "guardian", acting=lakeside.client_ids["kit"])


async def _staff(people: People, work: Work) -> None:
    """Therapists whose relation to Kit is over, barred, or not theirs to use at this door."""
    harbour = people.harbour
    people.other_episode_id = new_id()
    await work.add(
        Episode, id=people.other_episode_id, client_id=people.kit, opened_on=date(2026, 10, 1)
    )
    await work.add(EpisodeFocus, id=people.episode_id, client_id=people.kit, lines=[FOCUS])

    async def join(name: str, *roles: str, **membership: Any) -> Person:
        roles = roles or ("therapist",)
        person = await harbour.add_person(work, name, "staff", roles)
        if membership:
            await work.alter(Membership, person.user_id, **membership)
        people.put(name, person, "staff", roles)
        return person

    async def treats(user_id: str, episode_id: str = people.episode_id, **more: Any) -> None:
        await work.add(
            CareAssignment,
            id=new_id(),
            client_id=people.kit,
            episode_id=episode_id,
            user_id=user_id,
            part=more.pop("part", "co"),
            **more,
        )

    async def opens_glass(user_id: str, **more: Any) -> None:
        values = {"expires_at": now() + timedelta(minutes=60)} | more
        await work.introduce(capacity="staff")
        await work.add(
            BreakGlass,
            id=new_id(),
            client_id=people.kit,
            user_id=user_id,
            reason="covering at night",
            **values,
        )
        await work.introduce(capacity="job")

    await opens_glass((await join("break_glass")).user_id)
    await opens_glass((await join("owner_break_glass", "owner")).user_id)
    late = await join("break_glass_over")
    await opens_glass(late.user_id, expires_at=now() - timedelta(minutes=1))
    await opens_glass(late.user_id, closed_at=now())
    await treats((await join("suspended_member", suspended_at=now())).user_id)
    await treats((await join("ended_member", ends_at=now() - DAY)).user_id)
    barred = await join("barred")
    await treats(barred.user_id)
    await work.add(
        Bar, id=new_id(), client_id=people.kit, user_id=barred.user_id, reason="a relative"
    )
    await treats((await join("care_over")).user_id, starts_at=now() - 9 * DAY, ends_at=now() - DAY)
    await treats((await join("care_ahead")).user_id, starts_at=now() + DAY)
    await treats((await join("other_episode")).user_id, people.other_episode_id, part="primary")
    sol = await join("supervision_over")
    await work.add(
        Supervision,
        id=new_id(),
        supervisee_id=harbour.thea.user_id,
        supervisor_id=sol.user_id,
        starts_at=now() - 9 * DAY,
        ends_at=now() - DAY,
    )
    for name, themself in (("own_record", harbour.kit), ("own_child", harbour.greta)):
        await work.add(
            Membership,
            user_id=themself.user_id,
            roles=["therapist"],
            words={"name": "Also a therapist", "licence": None, "title": None},
        )
        await treats(themself.user_id)
        at_work = await harbour.sign_in(work, themself.user_id, name, "staff", ("therapist",))
        people.put(name, at_work, "staff", ("therapist",))
    out = await harbour.sign_in(work, harbour.thea.user_id, "signed_out", "staff", ("therapist",))
    await work.alter(SignIn, out.sign_in_id, ended_at=now())
    people.put("signed_out", out, "staff", ("therapist",))
    half = await harbour.sign_in(work, harbour.thea.user_id, "half", "staff", ("therapist",))
    await work.alter(SignIn, half.sign_in_id, second_factor_at=None)
    people.put("no_second_factor", half, "staff", ("therapist",))
    nell = await join("enrolling")
    await work.introduce(user_id=nell.user_id)
    await work.alter(SignIn, nell.sign_in_id, second_factor_at=None)
    nell.token = harbour.house.tokens.issue(
        sub=nell.user_id,
        sid=nell.sign_in_id,
        practice=harbour.practice_id,
        kind="enrolling",
        role="therapist",
    )
    people.put("enrolling", nell, "enrolling", ("therapist",))


async def _guardians(people: People, work: Work) -> None:
    harbour, today = people.harbour, now().date()

    async def guardian(name: str, **more: Any) -> None:
        person = await harbour.add_person(work, name, "guardian")
        of = more.pop("of", people.kit)
        values: dict[str, Any] = {"scopes": GUARDIAN_SCOPES, "starts_on": date(2020, 1, 1)} | more
        await work.add(
            Guardian,
            id=new_id(),
            client_id=of,
            user_id=person.user_id,
            relation="father",
            basis="parental responsibility",
            **values,
        )
        people.put(name, person, "guardian", acting=people.kit)

    await guardian("guardian_without_scope", scopes=[])
    await guardian("guardian_suspended", suspended_at=now())
    await guardian("guardian_over", ends_on=today - 2 * DAY)
    await guardian("guardian_ahead", starts_on=today + 2 * DAY)
    await guardian("guardian_revoked", revoked_at=now())
    await guardian("guardian_of_another", of=harbour.client_ids["cleo"])


def _strangers(people: People, house: House) -> None:
    """No token, and tokens that are not good: each would be Thea's."""
    thea, keys = people.harbour.thea, people.keys
    claims = {
        "iss": house.settings.public_url,
        "aud": house.settings.public_url,
        "sub": thea.user_id,
        "sid": thea.sign_in_id,
        "practice": people.harbour.practice_id,
        "kind": "staff",
        "role": "therapist",
        "jti": new_id(),
        "iat": int(time.time()),
        "nbf": int(time.time()),
        "exp": int(time.time()) + 600,
    }
    header = {"alg": "ES256", "kid": keys.signing.kid, "typ": "at+jwt"}
    # What is wrong with each below is that one thing: like this it is accepted.
    assert house.tokens.read(signed(keys.signing.pem, header, claims)).kind == "staff"
    tokens = {
        "nobody": None,
        "forged": signed(fresh_pem(ec.SECP256R1()), header, claims),
        # No operation issues such a token yet; the schema and the permissions know the kind.
        "api_client": signed(keys.signing.pem, header, claims | {"kind": "api", "role": "api"}),
        "expired": house.tokens.issue(
            sub=thea.user_id,
            sid=thea.sign_in_id,
            practice=people.harbour.practice_id,
            kind="staff",
            role="therapist",
            now=time.time() - 900,
        ),
    }
    for name, token in tokens.items():
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        people.callers[name] = Caller(name, headers)
