"""What is measured against: one practice in a database of its own, filled and described.

A therapist has a caseload of 32. The first of these clients has 21 assignments and a signed note;
the second has three open slots, a proposal and a planned session. A hundred others, a colleague's,
have slots that wait to be answered.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final, Self

import asyncpg

from app.access.grounds import CareAssignment, ClientLogin, Membership
from app.accounts.models import SignIn, User
from app.clients.models import Client, Episode
from app.core.clock import now
from app.core.ids import SYSTEM, new_id
from app.homework.models import Assignment, Occurrence
from app.library.shipping import ship
from app.notes.models import Note, Signature
from app.operation.house import House
from app.operation.work import Work
from app.practices.founding import found
from app.sessions.models import Session
from tests.benchmarks import scene_overviews
from tests.benchmarks.history import fill_slots
from tests.homework.scenes import EXERCISE

CASELOAD: Final = 32
PAGE: Final = 21
SUBMITTERS: Final = 100
CRISIS: Final = [{"name": "Samaritans", "phone": "116 123", "hours": "always", "locale": "en"}]
REACHED: Final = {
    "kind": "email", "value": "someone@example.org", "may_email": True, "may_text": False,
    "may_leave_voice_mail": False, "discreet_only": True,
}  # fmt: skip
STATUSES: Final = ("active", "active", "proposed", "done", "ended", "paused", "declined")
ZONE: Final = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Caller:
    """Someone with a live sign-in."""

    user_id: str
    sign_in_id: str
    kind: str
    role: str
    client_id: str | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What programs and requests need to know; kept as JSON in the benchmark's folder."""

    practice_id: str
    therapist: Caller
    reader: str
    today: Caller
    note_id: str
    practising: Caller
    senders: list[Caller]
    slots: list[tuple[int, str]]
    """Slots to answer, each with the place of its client among `senders`."""

    def save(self, file: Path) -> None:
        """Keep it for the other processes."""
        file.write_text(json.dumps(asdict(self)))

    @classmethod
    def load(cls, file: Path) -> Self:
        """The scene another process kept."""
        raw: dict[str, Any] = json.loads(file.read_text())
        for name in ("therapist", "today", "practising"):
            raw[name] = Caller(**raw[name])
        raw["senders"] = [Caller(**one) for one in raw["senders"]]
        raw["slots"] = [(int(sender), slot) for sender, slot in raw["slots"]]
        return cls(**raw)


async def fill(house: House, admin: "asyncpg.Connection[Any]", slots: int) -> Scene:
    """The scene, with so many slots to answer. `admin` passes every wall, for rows in bulk."""
    work = Work(house, operation="benchmark", request_id=SYSTEM)
    async with work.visit(capacity="job", practice_id=SYSTEM):
        await ship(work)
    async with work.visit(capacity="job"):
        practice_id = await found(
            work, name="Harbour", zone=ZONE, country="DE", crisis_resources=CRISIS
        )
        therapist = await _staff(work, practice_id, "Thea")
        colleague = await _staff(work, practice_id, "Theo")
        caseload = [await _client(work, f"Client {n}", therapist) for n in range(CASELOAD)]
        for number in range(PAGE):
            await _assign(work, caseload[0], therapist, number)
        note_id = await _note(work, caseload[0], therapist)
        await scene_overviews.fill(work, caseload, therapist.user_id)
        practising = await _sign_in(work, practice_id, "client", "client", caseload[2][0])
        today = await _today(work, practice_id, caseload[1], therapist)
        senders, assigned = [], []
        for number in range(SUBMITTERS):
            one = await _client(work, f"Sender {number}", colleague)
            senders.append(await _sign_in(work, practice_id, "client", "client", one[0]))
            assigned.append((one[0], await _assign(work, one, colleague, 0)))
    places = {client_id: place for place, (client_id, _) in enumerate(assigned)}
    waiting = await fill_slots(admin, practice_id, assigned, -(-slots // SUBMITTERS))
    return Scene(
        practice_id=practice_id,
        therapist=therapist,
        reader=caseload[0][0],
        today=today,
        note_id=note_id,
        practising=practising,
        senders=senders,
        slots=[(places[client_id], slot) for client_id, slot in waiting],
    )


async def _login(work: Work) -> str:
    user_id = new_id()
    email = f"{user_id}@example.org"
    hashed = work.house.keyring.blind(SYSTEM, "email", email)
    await work.add(User, id=user_id, email_hash=hashed, words={"email": email}, password_hash=None)
    return user_id


async def _sign_in(
    work: Work, practice_id: str, kind: str, role: str, client_id: str | None = None,
    user_id: str | None = None,
) -> Caller:  # fmt: skip
    user_id = user_id or await _login(work)
    sign_in_id = new_id()
    await work.introduce(user_id=user_id)
    await work.add(
        SignIn, id=sign_in_id, user_id=user_id, practice_id=practice_id, kind=kind,
        client_id=client_id, second_factor_at=now(), expires_at=now() + timedelta(days=1),
    )  # fmt: skip
    if client_id is not None:
        await work.add(ClientLogin, client_id=client_id, user_id=user_id)
    return Caller(user_id, sign_in_id, kind, role, client_id)


async def _staff(work: Work, practice_id: str, name: str) -> Caller:
    user_id = await _login(work)
    words = {"name": name, "licence": "L-1", "title": None}
    await work.add(Membership, user_id=user_id, roles=["therapist"], words=words)
    return await _sign_in(work, practice_id, "staff", "therapist", user_id=user_id)


async def _client(work: Work, name: str, therapist: Caller) -> tuple[str, str]:
    """A client in the therapist's care, and the episode."""
    client_id, episode_id = new_id(), new_id()
    await work.admit(client_id)
    words = {
        "legal_name": f"{name} Legalname", "preferred_name": name, "pronouns": "they",
        "birth_date": "1990-05-01", "contact_points": [REACHED], "names_to_guardians": False,
    }  # fmt: skip
    await work.add(Client, id=client_id, zone=ZONE, words=words)
    await work.add(Episode, id=episode_id, client_id=client_id, opened_on=date(2026, 1, 5))
    await work.add(
        CareAssignment, id=new_id(), client_id=client_id, episode_id=episode_id,
        user_id=therapist.user_id, part="primary",
    )  # fmt: skip
    return client_id, episode_id


async def _assign(
    work: Work, client: tuple[str, str], therapist: Caller, number: int, status: str | None = None
) -> str:
    assignment_id = new_id()
    await work.add(
        Assignment, id=assignment_id, client_id=client[0], episode_id=client[1],
        library_id=SYSTEM, exercise_version_id=str(EXERCISE.version.id),
        status=status or STATUSES[number % len(STATUSES)], areas=["trauma", "attachment"],
        opens_at=now() - timedelta(days=1), due_at=now() + timedelta(days=number + 1), zone=ZONE,
        assigned_by=therapist.user_id,
        words={
            "title": f"A moment on my timeline, part {number}",
            "rationale": "You said you want to know where the rule began, and whose voice it has.",
            "instructions": "Choose one moment. Write what happened, and how it is to look at it.",
            "minimum_version": "One line is enough.",
        },
    )  # fmt: skip
    return assignment_id


async def _today(
    work: Work, practice_id: str, client: tuple[str, str], therapist: Caller
) -> Caller:
    for number in range(3):
        assignment_id = await _assign(work, client, therapist, number, "active")
        await work.add(
            Occurrence, id=new_id(), client_id=client[0], assignment_id=assignment_id, slot="once",
            local_on=now().date(), opens_at=now() - timedelta(hours=2),
            due_at=now() + timedelta(days=2),
        )  # fmt: skip
    await _assign(work, client, therapist, 3, "proposed")
    await work.add(
        Session, id=new_id(), client_id=client[0], episode_id=client[1],
        therapist_id=therapist.user_id, starts_at=now() + timedelta(days=3), zone=ZONE,
        setting="video",
    )  # fmt: skip
    return await _sign_in(work, practice_id, "client", "client", client[0])


async def _note(work: Work, client: tuple[str, str], therapist: Caller) -> str:
    note_id = new_id()
    header: dict[str, Any] = {
        "start": None, "stop": None, "setting": "in_person", "participants": [],
        "risk_statement": "None noticed.", "diagnosis_summary": None, "function_summary": None,
        "plan_summary": "Weekly.",
    }  # fmt: skip
    sections = {
        "subjective": "Slept better, and told her sister no for the first time.",
        "objective": "Calm, engaged, some tears when speaking of the move.",
        "assessment": "Noticing the old rule sooner; distress lower than last month.",
        "plan": "One more moment on the timeline; practise saying no in writing.",
    }
    await work.add(
        Note, id=note_id, client_id=client[0], episode_id=client[1],
        author_id=therapist.user_id, kind="progress", format="SOAP", status="signed",
        signed_at=now(), body={"header": header, "sections": sections},
    )  # fmt: skip
    await work.add(
        Signature, id=new_id(), client_id=client[0], note_id=note_id, purpose="author",
        user_id=therapist.user_id, revision=1, digest=bytes(32), signed_at=now(),
        words={"name": "Thea", "licence": "L-1", "capacity": "therapist"},
    )  # fmt: skip
    return note_id
