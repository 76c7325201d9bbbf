"""Notes on the wire: drafts and signatures at the staff door, released notes at the client's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from pydantic import Field, StringConstraints

from app.core.wire import Id, Input, Line, Moment, Output, Version, Words
from app.sessions.schemas import Setting

Kind = Literal["progress", "intake", "contact", "termination"]
Format = Literal["SOAP", "DAP", "narrative"]
Status = Literal[
    "draft", "pending_cosign", "returned", "signed", "cosigned", "discarded", "entered_in_error"
]
Settled = Literal["signed", "cosigned", "entered_in_error"]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=40_000, pattern=r"^[^\x00]*$")]
Participants = Annotated[list[Line], Field(max_length=20, description="who was there")]
Revision = Annotated[int, Field(ge=1, le=2**31 - 1, description="counts the draft's changes")]

NO_HEADER: Final[Mapping[str, Any]] = {
    "start": None,
    "stop": None,
    "setting": None,
    "participants": [],
    "risk_statement": None,
    "diagnosis_summary": None,
    "function_summary": None,
    "plan_summary": None,
}
"""The header of a note nobody has written yet."""


class Header(Input):
    """The fixed part of every note. In a PATCH, absent stays and null clears."""

    start: Moment | None = None
    stop: Moment | None = None
    setting: Setting | None = None
    participants: Participants | None = None
    risk_statement: Words | None = None
    diagnosis_summary: Words | None = None
    function_summary: Words | None = None
    plan_summary: Words | None = None


class Sections(Input):
    """The parts of a note's format. SOAP: subjective, objective, assessment, plan; DAP: data,
    assessment, plan; narrative: text. In a PATCH, absent stays and null clears."""

    subjective: Prose | None = None
    objective: Prose | None = None
    data: Prose | None = None
    assessment: Prose | None = None
    plan: Prose | None = None
    text: Prose | None = None


class Body(Input):
    """Header and sections; a draft may leave any of them out."""

    header: Header = Field(default_factory=Header)
    sections: Sections = Field(default_factory=Sections)


class NoteCreate(Input):
    """A draft. With a session it is filed in the session's episode."""

    kind: Kind = "progress"
    format: Format
    session_id: Id | None = None
    episode_id: Id | None = None
    body: Body = Field(default_factory=Body)


class NoteUpdate(Input):
    """What to change in a draft; absent stays. `session_id` null: about no session."""

    kind: Kind | None = None
    session_id: Id | None = None
    body: Body | None = None


class Release(Input):
    """The client may read it now."""

    audience: Literal["client"]


class Hold(Input):
    """Why the client may not read it yet, and until when."""

    reason: Words
    until: Moment


class Held(Input):
    """The client may read it when the hold ends, by itself."""

    hold: Hold


class Sign(Input):
    """`revision`: the one that was read. `attestation`: that it is true and one's own."""

    revision: Revision
    attestation: Literal[True]
    release: Release | Held = Field(
        default_factory=lambda: Release(audience="client"), description="absent: to the client"
    )


class HeaderOut(Output):
    """The fixed part of every note."""

    start: datetime | None
    stop: datetime | None
    setting: Setting | None
    participants: list[str]
    risk_statement: str | None
    diagnosis_summary: str | None
    function_summary: str | None
    plan_summary: str | None


class SoapSections(Output):
    """A SOAP note's; null: nothing written yet."""

    subjective: str | None
    objective: str | None
    assessment: str | None
    plan: str | None


class DapSections(Output):
    """A DAP note's; null: nothing written yet."""

    data: str | None
    assessment: str | None
    plan: str | None


class NarrativeSections(Output):
    """A narrative note's; null: nothing written yet."""

    text: str | None


class BodyOut(Output):
    """What was written; the sections are those of the note's format."""

    header: HeaderOut
    sections: SoapSections | DapSections | NarrativeSections


class SignatureOut(Output):
    """Who signed, as they stood then. `digest`: SHA-256 of what was signed, in hexadecimal."""

    purpose: Literal["author", "cosigner"]
    name: str
    licence: str | None
    capacity: str
    signed_at: datetime
    digest: str


class NoteLine(Output):
    """A note in a list, without what is written in it."""

    id: Id
    client_id: Id
    episode_id: Id
    session_id: Id | None
    author_id: Id
    kind: Kind
    format: Format
    status: Status
    revision: Revision
    signed_at: datetime | None
    released_at: Annotated[
        datetime | None, Field(description="when the client may read it; null: not settled yet")
    ]
    created_at: datetime
    changed_at: datetime
    version: Version


class NoteOut(NoteLine):
    """A note as its author and the care team see it."""

    body: BodyOut
    signatures: list[SignatureOut]


class MySignatureOut(Output):
    """Who signed, and as what."""

    purpose: Literal["author", "cosigner"]
    name: str
    licence: str | None
    capacity: str
    signed_at: datetime


class MyNoteLine(Output):
    """A note that was released to me."""

    id: Id
    session_id: Id | None
    kind: Kind
    format: Format
    status: Settled
    signed_at: datetime
    released_at: datetime


class MyNoteOut(MyNoteLine):
    """A note that was released to me, whole, and who signed it."""

    body: BodyOut
    signatures: list[MySignatureOut]
