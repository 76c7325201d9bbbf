"""Who is in the demo: two practices, their staff and their clients. All of them are made up."""

from datetime import date
from functools import cache
from typing import Any, Final, Literal

from pydantic import Field

from app.demo.words import read
from app.library.fields import Frozen

NAMES: Final = ("harbour", "lakeside")


class Member(Frozen):
    """Someone on the staff; `key` is what the cast calls them."""

    key: str
    name: str
    email: str
    roles: list[str] = Field(default=["owner"])
    licence: str | None = None
    title: str | None = None


class Invited(Frozen):
    """Someone asked to join the staff who has not answered yet."""

    email: str
    roles: list[str]
    licence: str | None = None


class Ward(Frozen):
    """A guardian of a client."""

    key: str
    name: str
    email: str
    relation: str
    basis: str


class Someone(Frozen):
    """A client. Sessions are on `day` (0 is Monday) at `hour`, from the week `start` on.

    `scenes` name what is particular about their twelve weeks.
    """

    key: str = ""
    name: str
    called: str | None = None
    pronouns: str | None = None
    age: int
    born: str
    email: str
    phone: str
    zone: str | None = None
    therapist: str
    theme: str
    start: int = 0
    day: int
    hour: int
    setting: Literal["in_person", "video", "phone"] = "in_person"
    format: Literal["SOAP", "DAP", "narrative"]
    scenes: frozenset[str] = frozenset()
    guardian: Ward | None = None

    def birth_date(self, today: date) -> date:
        """So that they are as old today as the story needs, in whatever year it is told."""
        month, day = (int(part) for part in self.born.split("-"))
        this_year = today.replace(month=month, day=day)
        return this_year.replace(year=today.year - self.age - (this_year > today))


class Left(Frozen):
    """Someone on the staff who has left: in which week, and who took over."""

    who: str
    week: int
    to: str


class Practice(Frozen):
    """A practice as the demo has it. `supervised` is by whom; `away` in which week."""

    practice: dict[str, Any]
    owner: Member
    staff: tuple[Member, ...]
    clients: tuple[Someone, ...]
    invited: Invited | None = None
    supervised: dict[str, str] = Field(default_factory=dict)
    left: Left | None = None
    away: dict[str, int] = Field(default_factory=dict)

    def name_of(self, key: str) -> str:
        """What the member of that key is called. Raises StopIteration when there is none."""
        return next(one.name for one in self.staff if one.key == key)


def staff_addresses() -> frozenset[str]:
    """The addresses of all who are on a staff, in either practice."""
    return frozenset(one.email for plan in practices() for one in (plan.owner, *plan.staff))


@cache
def practices() -> tuple[Practice, ...]:
    """Both practices."""
    return tuple(Practice.model_validate(read(f"{name}.yaml")) for name in NAMES)
