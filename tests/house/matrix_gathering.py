"""The people of the matrix, written into the database: both practices, and everyone around Kit."""

from datetime import date, timedelta
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec

from app.access.grounds import Bar, BreakGlass, CareAssignment, Guardian, Membership, Supervision
from app.accounts.models import SignIn, User
from app.clients.models import Episode, EpisodeFocus
from app.core.clock import now
from app.core.ids import new_id
from app.operation.house import House
from app.operation.work import Work
from app.vault.keyfile import Keys
from tests.access.forging import fresh_pem, signed
from tests.cast import GUARDIAN_SCOPES, Clients, Person, stage
from tests.house.matrix_people import FOCUS, HARBOUR, NEXT_DOOR, Caller, People

DAY: Final = timedelta(days=1)


async def gather(house: House, clients: Clients, keys: Keys, since: float) -> People:
    """Both practices staged, with everyone who may ask for Kit's things; tokens are of `since`."""
    people = People(
        await stage(house, clients, f"Harbour {HARBOUR}"),
        await stage(house, clients, "Lakeside"),
        keys,
        since,
    )
    people.episode_id = people.harbour.episode_ids["kit"]
    _usual(people)
    work, transaction = people.harbour.job()
    async with transaction:
        await _staff(people, work)
        await _theas(people, work)
        await _guardians(people, work)
    work, transaction = people.lakeside.job()
    async with transaction:
        await work.add(
            Guardian,
            id=new_id(),
            client_id=people.lakeside.client_ids["carl"],
            user_id=people.harbour.greta.user_id,
            relation=NEXT_DOOR,
            basis="consent",
            scopes=[],
            starts_on=date(2020, 1, 1),
        )
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
        Episode, id=people.other_episode_id, client_id=people.kit, opened_on=date(2026, 8, 1)
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
    await treats((await join("co_therapist")).user_id)
    await treats((await join("suspended_member", suspended_at=now())).user_id)
    await treats((await join("ended_member", ends_at=now() - DAY)).user_id)
    await treats((await join("member_ahead", starts_at=now() + DAY)).user_id)
    gone = await join("deactivated")
    await treats(gone.user_id)
    await work.alter(User, gone.user_id, deactivated_at=now())
    barred, barred_owner = await join("barred"), await join("owner_barred", "owner")
    await treats(barred.user_id)
    for one in (barred, barred_owner):
        await work.add(
            Bar, id=new_id(), client_id=people.kit, user_id=one.user_id, reason="a relative"
        )
    await treats((await join("care_over")).user_id, starts_at=now() - 9 * DAY, ends_at=now() - DAY)
    await treats((await join("care_ahead")).user_id, starts_at=now() + DAY)
    await treats((await join("other_episode")).user_id, people.other_episode_id, part="primary")
    for name, starts_at, ends_at in (
        ("supervision_over", now() - 9 * DAY, now() - DAY),
        ("supervision_ahead", now() + DAY, None),
    ):
        await work.add(
            Supervision,
            id=new_id(),
            supervisee_id=harbour.thea.user_id,
            supervisor_id=(await join(name)).user_id,
            starts_at=starts_at,
            ends_at=ends_at,
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


async def _theas(people: People, work: Work) -> None:
    """Sign-ins of Thea's that are no longer, or not yet, good."""
    harbour, therapist = people.harbour, ("therapist",)

    async def again(name: str, **changed: Any) -> None:
        person = await harbour.sign_in(work, harbour.thea.user_id, name, "staff", therapist)
        await work.alter(SignIn, person.sign_in_id, **changed)
        people.put(name, person, "staff", therapist)

    await again("signed_out", ended_at=now())
    await again("sign_in_over", expires_at=now() - DAY)
    await again("no_second_factor", second_factor_at=None)
    nell = await harbour.add_person(work, "nell", "staff", therapist)
    await work.alter(SignIn, nell.sign_in_id, second_factor_at=None)
    nell.token = harbour.house.tokens.issue(
        sub=nell.user_id,
        sid=nell.sign_in_id,
        practice=harbour.practice_id,
        kind="enrolling",
        role="therapist",
    )
    people.put("enrolling", nell, "enrolling", therapist)


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
            relation="parent",
            basis="parental_responsibility",
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
    """No token, and tokens that are not good: all but one would be Thea's."""
    thea, cleo, keys = people.harbour.thea, people.harbour.cleo, people.keys

    def token(**other: Any) -> str:
        usual = {
            "sub": thea.user_id,
            "sid": thea.sign_in_id,
            "practice": people.harbour.practice_id,
            "kind": "staff",
            "role": "therapist",
        }
        return house.tokens.issue(**usual | other)

    claims = {
        "iss": house.settings.public_url,
        "aud": house.settings.public_url,
        "sub": thea.user_id,
        "sid": thea.sign_in_id,
        "practice": people.harbour.practice_id,
        "kind": "staff",
        "role": "therapist",
        "jti": new_id(),
        "iat": int(people.since),
        "nbf": int(people.since),
        "exp": int(people.since) + 600,
    }
    header = {"alg": "ES256", "kid": keys.signing.kid, "typ": "at+jwt"}
    # What is wrong with each below is that one thing: like this it is accepted.
    assert house.tokens.read(signed(keys.signing.pem, header, claims)).kind == "staff"
    tokens = {
        "nobody": None,
        "forged": signed(fresh_pem(ec.SECP256R1()), header, claims),
        # No operation issues such a token yet; the schema and the permissions know the kind.
        "api_client": signed(keys.signing.pem, header, claims | {"kind": "api", "role": "api"}),
        "expired": token(now=people.since - 900),
        "role_changed": token(role="owner_therapist"),
        "login_lost": token(
            sub=cleo.user_id, sid=cleo.sign_in_id, kind="client", role="client", client=people.kit
        ),
    }
    for name, one in tokens.items():
        headers = {} if one is None else {"Authorization": f"Bearer {one}"}
        people.callers[name] = Caller(name, headers)
