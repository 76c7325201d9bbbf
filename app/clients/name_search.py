"""Spellings a client's name is found by: pure functions, without a key or a database.

Each word is compared without case and marks, as `app.vault.sealing.name_words` folds it, and

- a German, Nordic or Dutch letter with a mark is found by itself and as it is spelled out: Müller,
  Muller and Mueller all find Müller, and Müller finds Mueller;
- the forms of an Arabic letter are one (alef and its hamzas, yeh, kaf, teh marbuta), and the
  lengthening line is nothing; katakana is hiragana;
- a name in Han, Hangul or kana is found by any part of it, one character included: it has no
  spaces, and one character is a word there.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from app.vault.sealing import name_words

LONGEST_PREFIX: Final = 8

_ONE_FORM: Final = str.maketrans(
    # Yeh from alef maksura, Farsi yeh and yeh with a ring; kaf from keheh and swash kaf; heh from
    # teh marbuta, ae, heh goal and heh doachashmee; alef from alef wasla; tatweel is nothing.
    dict.fromkeys("\u0649\u06cc\u06d0", "\u064a")
    | dict.fromkeys("\u06a9\u06aa", "\u0643")
    | dict.fromkeys("\u0629\u06d5\u06c1\u06be", "\u0647")
    | {"\u0671": "\u0627", "\u0640": None}
    # Katakana stands 0x60 after hiragana.
    | {chr(code): chr(code - 0x60) for code in range(0x30A1, 0x30F7)}
)
_SPELLED_OUT: Final = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue",
     "Å": "Aa", "Ø": "Oe"}
)  # fmt: skip
_UNSPACED: Final = re.compile(
    "[\u1100-\u11ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)


def sought(typed: str) -> list[frozenset[str]]:
    """Return each word typed, in every spelling that may stand for it; no word twice."""
    pairs = zip(_words(typed), _words(_spelled_out(typed)), strict=True)
    return list(dict.fromkeys(frozenset(pair) for pair in pairs))


def index_keys(name: str) -> set[str]:
    """Return what a client of this name can be found by: words, and their beginnings of up to 8
    letters."""
    return {key for word in _stored(name) for key in (word, *_beginnings(word))}


def is_named(name: str, words: list[frozenset[str]]) -> bool:
    """Return whether every word sought begins a word of the name, or is part of an unspaced one."""
    stored = _stored(name)
    return all(any(_fits(one, word) for one in stored for word in spellings) for spellings in words)


def _stored(name: str) -> set[str]:
    return {*_words(name), *_words(_spelled_out(name))}


def _words(name: str) -> list[str]:
    return name_words(unicodedata.normalize("NFKC", name).translate(_ONE_FORM))


def _spelled_out(name: str) -> str:
    return unicodedata.normalize("NFKC", name).translate(_SPELLED_OUT)


def _beginnings(word: str) -> Iterator[str]:
    if not _UNSPACED.search(word):
        yield from (word[:n] for n in range(2, min(LONGEST_PREFIX, len(word)) + 1))
        return
    for start in range(len(word)):
        yield from (word[start:end] for end in range(start + 1, start + LONGEST_PREFIX + 1))


def _fits(stored: str, word: str) -> bool:
    return word in stored if _UNSPACED.search(stored) else stored.startswith(word)
