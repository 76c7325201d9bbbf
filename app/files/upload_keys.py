"""Uploads named by the key their device made, so that work written offline can name a file before
it has an id."""

from typing import Final

from sqlalchemy import Text, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from app.access.visible import ME, own, wall
from app.core.statements import Query, p
from app.files.models import Upload
from app.operation.work import Work


def _by_key(*clauses: object) -> Query:
    keys = p("keys", ARRAY(Text())).any_()
    return Query(
        select(Upload.id, Upload.client_id, Upload.client_key).where(
            own(Upload),
            Upload.client_key == keys,
            *clauses,  # type: ignore[arg-type]
        )
    )


_BY_KEY: Final = {
    "self": _by_key(true()),
    "guardian": _by_key(wall("files", Upload.user_id == ME)),
}
"""A guardian names what they sent themselves."""


async def ids_of(work: Work, keys: list[str]) -> dict[str, str]:
    """Return the ids of the uploads that are there, by key."""
    if not keys:
        return {}
    rows = await work.rows(_BY_KEY[work.actor.capacity], keys=keys)
    return {row["client_key"]: row["id"] for row in rows}
