"""An exercise's texts in the language that suits the reader: never none, whatever there is.

A statement takes the title in each language, which are few, beside the languages that are wanted;
the choice is `best_of`'s alone. The words of a whole exercise are chosen in the same way.
"""

from functools import lru_cache
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, func, select

from app.access.practice import Practice
from app.access.visible import own
from app.clients.models import Client
from app.core.database import Json
from app.core.locales import best_of
from app.core.statements import p

OF_PRACTICE: Final = (
    select(Practice.locale).where(Practice.practice_id == p("practice_id")).scalar_subquery()
)
"""The caller's practice's language: what its staff read."""
OF_CLIENT: Final = select(Client.locale).where(own(Client)).scalar_subquery()
"""The language of the client acted for."""


def in_each(texts: Any, *wanted: Any, names: tuple[str, ...] = ("title",)) -> ColumnElement[Any]:
    """These parts of `texts` in every language, and the languages wanted, the most wanted first:
    a value for `chosen`."""
    each = func.jsonb_each(texts).table_valued("key", "value").render_derived()
    parts = [part for name in names for part in (name, each.c.value.op("->")(name))]
    held = select(func.jsonb_object_agg(each.c.key, func.jsonb_build_object(*parts)))
    return func.jsonb_build_array(held.scalar_subquery(), *wanted)


def chosen(value: Json) -> dict[str, Any]:
    """What `in_each` took, in the language that suits best; nothing where there are no texts."""
    return _chosen(value.raw)


@lru_cache(maxsize=4096)
def _chosen(raw: bytes) -> dict[str, Any]:
    texts, *wanted = orjson.loads(raw)
    return texts[best_of(texts, *wanted)] if texts else {}


def whole(texts: Json, *wanted: str | None) -> tuple[str, dict[str, Any]]:
    """The language that suits best, and a version's texts in it."""
    held: dict[str, Any] = texts.value
    language = best_of(held, *wanted)
    return language, held[language]
