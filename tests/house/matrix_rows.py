"""One row for each operation: what is asked, about what, and who is answered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from tests.house.matrix_people import Caller
from tests.house.matrix_profiles import Profile
from tests.house.matrix_scene import Ask, Plant, Scene, Thing, nothing

Asking = Callable[[Scene, Caller, Thing], Ask]

PER_EPISODE: Final = {
    "other_episode": "the caseload in the transaction is of clients; episodes are the statement's"
}
"""Row security bounds staff by client, so what is per episode needs the statement."""


@dataclass(frozen=True, slots=True)
class Row:
    """An operation in the matrix.

    `alone` names, for the settings `statements` and `rows`, the callers whose cell that wall does
    not promise by itself, and why.
    """

    operation: str
    expected: Profile
    ask: Asking
    plant: Plant = nothing
    writes: bool = False
    for_oneself: bool = False
    """Everyone does it for themselves, with a sign-in of their own for each cell."""
    alone: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    hides: Mapping[str, str] = field(default_factory=dict)
    """Words that the answer to a caller who may see the thing does not hold all the same."""


def bare(scene: Scene, caller: Caller, thing: Thing) -> Ask:
    """No path, no body."""
    return Ask()


def at(name: str) -> Asking:
    """The thing's id as the path's parameter `name`."""
    return lambda scene, caller, thing: Ask({name: thing.id})


def kits(query: str = "") -> Asking:
    """About Kit, by the client's id in the path."""
    return lambda scene, caller, thing: Ask({"client_id": scene.people.kit}, query=query)
