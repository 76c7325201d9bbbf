"""Questions, topics and pinned exercises on the wire."""

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from app.core.wire import ClientKey, Id, Input, Line, Output, Version
from app.homework.schemas import Said

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class QuestionCreate(Input):
    """What I want to know about it."""

    client_key: ClientKey
    question: Said


class AnswerCreate(Input):
    """The answer; the client reads it."""

    answer: Said


class MyQuestionOut(Output):
    """What I asked, and the answer once there is one."""

    id: Id
    assignment_id: Id
    question: str
    answer: str | None
    answered_at: datetime | None
    created_at: datetime
    version: Version


class QuestionOut(MyQuestionOut):
    """A client's question as staff see it."""

    client_id: Id
    episode_id: Id
    answered_by: Id | None


class TopicCreate(Input):
    """What the work is about, in the client's words."""

    label: Line
    slug: Annotated[Slug | None, Field(description="a short name for other systems")] = None


class TopicOut(Output):
    """A topic of one client's; assignments and boundaries point at it."""

    id: Id
    client_id: Id
    label: str
    slug: str | None
    created_at: datetime
    version: Version


class PinOut(Output):
    """An exercise in a client's toolbox, put there by a therapist."""

    client_id: Id
    exercise_id: Id
    pinned_by: Id
    created_at: datetime
