"""Drafts as a device keeps them: words begun in a slot, brought together with those of others."""

from dataclasses import dataclass, field
from typing import Any

from tests.homework.scenes import EXERCISE

FIELD = "what_happened"


def said(words: set[str]) -> dict[str, Any]:
    """A body with these words in it."""
    version = str(EXERCISE.version.id)
    return {"exercise_version_id": version, "answers": {FIELD: " ".join(sorted(words))}}


def words_in(body: dict[str, Any]) -> set[str]:
    """The words of a body."""
    return set(body["answers"].get(FIELD, "").split())


@dataclass(slots=True)
class Begun:
    """What its owner wrote in a slot and the server has not said it stored."""

    key: str
    words: set[str]
    base: int | None


@dataclass(slots=True)
class Drafts:
    """The drafts of one device. What waits survives its being killed; what was heard does not."""

    waiting: dict[str, Begun] = field(default_factory=dict)
    heard: dict[str, tuple[int, set[str]]] = field(default_factory=dict)
    told: dict[str, set[str]] = field(default_factory=dict)
    """By slot, the words the server said it stored."""
    let_go: dict[str, set[str]] = field(default_factory=dict)
    """By slot, the words its owner threw away, having read them."""

    def write(self, key: str, slot: str) -> None:
        """One more word in the draft of a slot."""
        version, words = self.heard.get(slot, (None, set()))
        begun = self.waiting.setdefault(slot, Begun(key, set(words), version))
        begun.words.add(key)

    def send(self, key: str, slot: str) -> tuple[dict[str, Any], int]:
        """What is sent of a slot instead of drafted, and the version of the draft it goes on
        from."""
        version, words = self.heard.get(slot, (0, set()))
        begun = self.waiting.pop(slot, None)
        return said(words | {key} | (begun.words if begun else set())), version

    def throw_away(self, slot: str) -> int | None:
        """The version of the draft that is thrown away; None where there is none to be read."""
        if slot in self.waiting or slot not in self.heard:
            return None
        version, words = self.heard[slot]
        self.let_go.setdefault(slot, set()).update(words)
        return version

    def items(self) -> list[dict[str, Any]]:
        """What waits, as it is sent."""
        return [
            {"kind": "draft", "client_key": one.key, "about_id": slot, "body": said(one.words)}
            | ({} if one.base is None else {"base_version": one.base})
            for slot, one in self.waiting.items()
        ]

    def hear(self, item: dict[str, Any], result: dict[str, Any]) -> None:
        """What became of a draft that was sent: it is kept as the result says."""
        slot, sent = item["about_id"], words_in(item["body"])
        begun = self.waiting.get(slot)
        if result["keep"] == "nothing":
            if result["outcome"] != "superseded":
                self.told.setdefault(slot, set()).update(sent)
                self.heard[slot] = (result["receipt"]["version"], sent)
            if begun is not None and begun.words <= sent:
                del self.waiting[slot]
            elif begun is not None and result["outcome"] != "superseded":
                begun.base = result["receipt"]["version"]
        elif begun is not None and result["outcome"] == "superseded":
            begun.base = None

    def change(self, slot: str, body: dict[str, Any] | None) -> None:
        """What another device made of the draft; what waits here goes on from there."""
        begun = self.waiting.get(slot)
        if body is None:
            self.heard.pop(slot, None)
            if begun is not None:
                begun.base = None
            return
        self.heard[slot] = (body["version"], words_in(body))
        if begun is not None:
            begun.words |= words_in(body)
            begun.base = body["version"]


def lost(drafts: Drafts, there: dict[str, set[str]], sent: dict[str, set[str]]) -> list[str]:
    """Words that were told to be stored, and are in no draft, in nothing that was sent of their
    slot, and were thrown away by nobody."""
    return [
        f"{word}, told to be stored, is lost"
        for slot, words in drafts.told.items()
        for word in words - there.get(slot, set()) - sent.get(slot, set())
    ]
