"""Exercises of a practice's own, as tests begin with them."""

from typing import Any, Final

from app.library.catalogue import catalogue
from tests.cast import Cast

SHIPPED: Final = next(one for one in catalogue() if one.slug == "paced-breathing-log")
FORM: Final = {
    "fields": [
        {"id": "what_i_said", "kind": "long_text", "max_length": 2000, "required": True},
        {"id": "ease", "kind": "pair", "min": 0, "max": 10, "required": False},
    ]
}
WORDS: Final = {
    "what_i_said": {"label": "What did you say?"},
    "ease": {
        "label": "How easy is it to think of it?",
        "low": "Not at all",
        "high": "Entirely",
        "before": "Before",
        "after": "Afterwards",
    },
}
TEXTS: Final = {
    "title": "A letter to the landlord",
    "summary": "Say it once, in writing, and leave out the reasons.",
    "why": "What is written down does not have to be argued.",
    "instructions": "Write what you want to say. Then take out every because.",
    "minimum": "One sentence.",
    "fields": WORDS,
}


def wanted(**other: Any) -> dict[str, Any]:
    return {
        "kind": "worksheet",
        "areas": ["boundary-setting"],
        "modality": ["general"],
        "difficulty": 2,
        "minutes": 15,
        "form": FORM,
        "texts": {"en": TEXTS},
    } | other


def titled(title: str) -> dict[str, Any]:
    return {"texts": {"en": TEXTS | {"title": title}}}


async def make(cast: Cast, **other: Any) -> dict[str, Any]:
    """A draft by Thea."""
    made = await cast.thea.http.post("/v1/exercises", json=wanted(**other))
    assert made.status_code == 201, made.text
    shown: dict[str, Any] = made.json()
    return shown


async def publish(cast: Cast, exercise: dict[str, Any]) -> dict[str, Any]:
    """What Thea saw of an exercise, published; the exercise as it is then."""
    url, seen = f"/v1/exercises/{exercise['id']}/publish", f'"v{exercise["version"]}"'
    done = await cast.thea.http.post(url, headers={"If-Match": seen})
    assert done.status_code == 200, done.text
    shown: dict[str, Any] = done.json()
    return shown


async def change(cast: Cast, exercise: dict[str, Any], **what: Any) -> dict[str, Any]:
    """The exercise, changed by Thea."""
    url, seen = f"/v1/exercises/{exercise['id']}", f'"v{exercise["version"]}"'
    done = await cast.thea.http.patch(url, json=what, headers={"If-Match": seen})
    assert done.status_code == 200, done.text
    shown: dict[str, Any] = done.json()
    return shown


async def retire(cast: Cast, exercise: dict[str, Any]) -> dict[str, Any]:
    """The exercise, retired by Thea."""
    url, seen = f"/v1/exercises/{exercise['id']}/retire", f'"v{exercise["version"]}"'
    done = await cast.thea.http.post(url, headers={"If-Match": seen})
    assert done.status_code == 200, done.text
    shown: dict[str, Any] = done.json()
    return shown
