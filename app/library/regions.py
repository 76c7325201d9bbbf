"""The regions of the body that a form can ask about, and their words in each language.

The list is fixed: answers name its slugs for ever. Add to its end only.
"""

from typing import Final, Literal, get_args

Region = Literal[
    "head",
    "eyes",
    "face",
    "jaw",
    "throat",
    "neck",
    "shoulders",
    "arms",
    "hands",
    "chest",
    "back",
    "stomach",
    "hips",
    "legs",
    "feet",
    "skin",
    "whole_body",
]
REGIONS: Final[tuple[Region, ...]] = get_args(Region)

_WORDS: Final = {
    "en": (
        "Head, Eyes, Face, Jaw, Throat, Neck, Shoulders, Arms, Hands, Chest, Back, Stomach, Hips, "
        "Legs, Feet, Skin, Whole body"
    ),
    "de": (
        "Kopf, Augen, Gesicht, Kiefer, Hals, Nacken, Schultern, Arme, Hände, Brust, Rücken, Bauch, "
        "Hüften, Beine, Füße, Haut, Ganzer Körper"
    ),
    "es": (
        "Cabeza, Ojos, Cara, Mandíbula, Garganta, Cuello, Hombros, Brazos, Manos, Pecho, Espalda, "
        "Estómago, Caderas, Piernas, Pies, Piel, Todo el cuerpo"
    ),
    "fr": (
        "Tête, Yeux, Visage, Mâchoire, Gorge, Nuque, Épaules, Bras, Mains, Poitrine, Dos, Ventre, "
        "Hanches, Jambes, Pieds, Peau, Tout le corps"
    ),
}


def words(locale: str) -> dict[str, str] | None:
    """The regions' words in the locale's language; None for a language we have no words in."""
    listed = _WORDS.get(locale.partition("-")[0])
    return None if listed is None else dict(zip(REGIONS, listed.split(", "), strict=True))
