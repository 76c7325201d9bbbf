"""Reminders on the wire: by which way, at which hour, and when not."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, model_validator

from app.core.wire import UNORDERED, Id, Input, Output, Version, unchanged
from app.schedules.rules import LocalTime

Channel = Annotated[
    Literal["none", "app", "email"],
    Field(description="`app`: the app reminds by itself, of each slot at its `remind_at`"),
]


class AssignmentChoice(Input):
    """What is other for one assignment. Null, or left out, is as for all the others."""

    assignment_id: Id
    channel: Channel | None = None
    at: LocalTime | None = None


def _each_once(choices: list[AssignmentChoice]) -> list[AssignmentChoice]:
    if len({one.assignment_id for one in choices}) < len(choices):
        raise ValueError("each assignment is named once")
    return choices


class MyRemindersUpdate(Input):
    """How to remind me; absent stays. `assignments` is replaced whole.

    Times are local to where the homework is. Quiet hours reach over midnight when `quiet_from` is
    the later one; both null: none. With `digest` there is one mail a day, at the general hour.
    """

    channel: Channel = Field(default_factory=unchanged)
    at: LocalTime = Field(default_factory=unchanged)
    quiet_from: LocalTime | None = None
    quiet_to: LocalTime | None = None
    digest: StrictBool = Field(default_factory=unchanged)
    assignments: Annotated[
        list[AssignmentChoice], Field(max_length=100), AfterValidator(_each_once), UNORDERED
    ] = Field(default_factory=unchanged)

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        given = self.model_fields_set & {"quiet_from", "quiet_to"}
        if len(given) == 1 or (self.quiet_from is None) != (self.quiet_to is None):
            raise ValueError("quiet_from and quiet_to come together")
        return self


class AssignmentChoiceOut(Output):
    """What is other for one assignment; null is as for all the others."""

    assignment_id: Id
    channel: Channel | None
    at: str | None


class MyRemindersOut(Output):
    """How I am reminded. Until I chose a channel it is `none`, and there are no reminders.

    `can_email`: there is an e-mail address on file that may be written to. Reminders by mail say
    nothing of what they are about.
    """

    channel: Channel
    at: str
    quiet_from: str | None
    quiet_to: str | None
    digest: bool
    assignments: list[AssignmentChoiceOut]
    can_email: bool
    version: Version
