"""The notes of one client's therapist: after each session, in the therapist's own format."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from app.demo.life import Life
from app.demo.words import filled, phrases
from app.notes import service as notes
from app.notes import signing
from app.notes.schemas import (
    Body,
    Header,
    Held,
    Hold,
    Kind,
    NoteCreate,
    NoteUpdate,
    Release,
    Sections,
    Sign,
)
from app.notes.staff_routes import create_note, sign_note, update_note


async def write(life: Life, at: datetime, *, session_id: str, is_last: bool) -> None:
    """A draft about that session, signed a little later; some of this week's stay drafts."""
    if life.therapist is None:
        return
    is_first, is_held = life.held == 1, is_last and life.is_in("held")
    parts = _parts(life)
    draft = is_last and not is_held and life.rng.random() < 0.4
    if draft:
        parts["assessment"] = ""
    name = life.one.called or life.one.name
    header = Header(
        start=at - timedelta(minutes=65),
        stop=at - timedelta(minutes=15),
        setting=life.one.setting,
        participants=[name] if life.guardian is None or not is_first else [name, "Guardian"],
        risk_statement=life.rng.choice(phrases().risk),
        plan_summary=None if draft else parts["plan"],
    )
    kind: Kind = "intake" if is_first else "progress"
    asked = NoteCreate(
        kind=kind,
        format=life.one.format,
        session_id=session_id,
        body=Body(header=header, sections=_sections(life, parts)),
    )
    async with life.doing(life.therapist, create_note, at) as work:
        note = await notes.create(work, life.client_id, asked)
    if draft:
        return
    signed_at = life.after(at, 0.1, 0.6)
    if life.rng.random() < 0.15 and not is_held:
        life.plan(signed_at - timedelta(minutes=2), partial(_amend, note_id=note["id"]))
        life.plan(signed_at, partial(_sign, note_id=note["id"], revision=2))
    else:
        sign = partial(_sign, note_id=note["id"], revision=1, is_held=is_held)
        life.plan(signed_at, sign)


async def absent(life: Life, at: datetime, *, session_id: str) -> None:
    """A short note about a session nobody came to."""
    if life.therapist is None:
        return
    asked = NoteCreate(
        kind="contact",
        format="narrative",
        session_id=session_id,
        body=Body(sections=Sections(text=life.rng.choice(phrases().absent))),
    )
    async with life.doing(life.therapist, create_note, at) as work:
        note = await notes.create(work, life.client_id, asked)
    life.plan(at + timedelta(minutes=5), partial(_sign, note_id=note["id"], revision=1))


async def _amend(life: Life, at: datetime, *, note_id: str) -> None:
    if life.therapist is None:
        return
    header = Header(function_summary=life.rng.choice(life.theme.understood[life.phase]))
    async with life.doing(life.therapist, update_note, at, seen=1) as work:
        await notes.update(work, note_id, NoteUpdate(body=Body(header=header)))


async def _sign(
    life: Life, at: datetime, *, note_id: str, revision: int, is_held: bool = False
) -> None:
    if life.therapist is None:
        return
    release: Release | Held = Release(audience="client")
    if is_held:
        until = life.stage.weeks.until + timedelta(days=8)
        release = Held(hold=Hold(reason=phrases().hold_reason, until=until))
    asked = Sign(revision=revision, attestation=True, release=release)
    async with life.doing(life.therapist, sign_note, at, seen=revision) as work:
        await signing.sign(work, note_id, asked)


def _parts(life: Life) -> dict[str, str]:
    said, theme = phrases(), life.theme
    if life.held == 1:
        told = f"{life.new(theme.opening or said.opening)} {life.new(theme.begins)}"
        plan = said.agreed
    else:
        told, plan = life.new(getattr(theme, life.phase)), life.rng.choice(said.plan)
    parts = {
        "told": told,
        "seen": life.rng.choice(said.objective[life.one.setting]),
        "assessment": life.rng.choice(theme.understood[life.phase]),
        "plan": plan,
    }
    return {name: filled(text, life.slots, by_therapist=True) for name, text in parts.items()}


def _sections(life: Life, parts: dict[str, str]) -> Sections:
    told, seen, rest = parts["told"], parts["seen"], parts["assessment"] or None
    sections: dict[str, Any]
    if life.one.format == "SOAP":
        sections = {"subjective": told, "objective": seen, "assessment": rest}
    elif life.one.format == "DAP":
        sections = {"data": f"{told} {seen}", "assessment": rest}
    else:
        text = "\n\n".join(part for part in (told, seen, rest, parts["plan"]) if part)
        return Sections(text=text)
    return Sections(**sections, plan=parts["plan"] if rest else None)
