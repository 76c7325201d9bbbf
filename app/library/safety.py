"""The rule by which a shipped exercise asks whether the client is safe (CONTRIBUTING, "Safety").

Everyone is asked, whatever else they answered, and is told first who hears of a no.
"""

from collections.abc import Collection, Mapping
from typing import Final

from app.library.attention import SAFETY_FIELD
from app.library.composed import AnyField, Table
from app.library.fields import Attending, YesNo
from app.library.forms import Form
from app.library.texts import ExerciseTexts

ALWAYS: Final = frozenset({"origins", "emotional-processing", "nervous-system", "somatic"})
"""Trauma, shame, grief, fear and the body: an exercise of these areas, or of this modality, asks
without exception."""
WITHOUT: Final = {
    "keeping-a-small-promise": (
        "It plans one act of five minutes, and asks nothing about pain, the past, the body or "
        "other people."
    ),
    "what-acceptance-is-not": (
        "It is read. Its questions are about the text, which says itself that harm going on now "
        "is not to be accepted."
    ),
    "what-matters-most": (
        "It puts values in an order and plans one small act. Nothing in it asks about what hurts."
    ),
}
"""The exercises that do not ask, each with the reason."""
TOLD: Final = {
    "en": (
        "your therapist, or whoever covers for them, is told as soon as you send this. It may be "
        "that nobody reads it tonight: the help page shows where help is."
    ),
    "es": (
        "se avisa a tu terapeuta, o a quien le sustituya, en cuanto lo envíes. Puede que nadie lo "
        "lea esta noche: la página de ayuda muestra dónde hay ayuda."
    ),
}
"""Who is told, in the client's words: it stands in the label, before the question itself, so that
every app shows it first. It promises nothing that is not true on a Sunday night."""


def check(
    slug: str, kinds: Collection[str], form: Form, texts: Mapping[str, ExerciseTexts]
) -> None:
    """Raise ValueError unless the exercise keeps the rule; `kinds` are its areas and modalities."""
    safe = {field.id: field for field in form.fields}.get(SAFETY_FIELD)
    if slug not in WITHOUT:
        if not isinstance(safe, YesNo) or safe.shown_when or safe.attention_at is not False:
            raise ValueError(f"{slug}: it must ask {SAFETY_FIELD} of everyone, and attend to a no")
        if safe.level != "urgent":
            raise ValueError(f"{slug}: a no to {SAFETY_FIELD} is urgent")
        for locale, words in texts.items():
            if words.not_for is None:
                raise ValueError(f"{slug}: not_for in {locale} must say whom it is not for")
    elif not ALWAYS.isdisjoint(kinds):
        raise ValueError(f"{slug}: an exercise of its kind always asks about safety")
    for field in form.fields:
        _check_who_is_told(field, texts)


def _check_who_is_told(field: AnyField, texts: Mapping[str, ExerciseTexts]) -> None:
    """Every answer that is told at once says so first, in every language."""
    columns = field.columns if isinstance(field, Table) else ()
    if any(isinstance(one, Attending) and one.level == "urgent" for one in columns):
        raise ValueError(f"{field.id}: ask what is urgent in a field of its own")
    if not (isinstance(field, Attending) and field.has_attention_rule and field.level == "urgent"):
        return
    for locale, words in texts.items():
        _, told, question = words.fields[field.id].label.partition(TOLD.get(locale, "\0"))
        if not told or not question.strip().endswith("?"):
            raise ValueError(f"{field.id} in {locale}: say who is told, and then ask")
