"""The eight areas of work. They are fixed: exercises and goals point at their slugs."""

from typing import Final, NamedTuple


class Area(NamedTuple):
    """An area's title and one plain sentence, both for clients to read."""

    title: str
    sentence: str


AREAS: Final[dict[str, Area]] = {
    "awareness": Area(
        "Awareness",
        "Noticing what you feel, what sets it off and where it sits in your body.",
    ),
    "origins": Area(
        "Origins",
        "Understanding where old patterns began and what you needed at the time.",
    ),
    "emotional-processing": Area(
        "Emotional processing",
        "Making room for feelings so that they can move instead of staying stuck.",
    ),
    "internal-narratives": Area(
        "Internal narratives",
        "Hearing the stories you tell about yourself, and telling them more fairly.",
    ),
    "boundary-setting": Area(
        "Boundaries",
        "Knowing where you end and others begin, and saying so.",
    ),
    "nervous-system": Area(
        "Nervous system",
        "Learning how your body answers stress, and how to help it settle.",
    ),
    "integration": Area(
        "Integration",
        "Carrying what you learn into ordinary days and the people in them.",
    ),
    "acceptance": Area(
        "Acceptance",
        "Living with what is, and loosening your hold on what you cannot change.",
    ),
}
"""Slug to title and sentence, in the order in which they are shown."""
