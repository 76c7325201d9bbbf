"""How care begins: an episode, what it is about, and who treats."""

from datetime import date

from app.access.grounds import CareAssignment
from app.clients.models import Episode, EpisodeFocus
from app.core.ids import new_id
from app.operation.work import Work


async def begin(
    work: Work, client_id: str, *, on: date, focus: list[str] | None, therapist_id: str
) -> str:
    """Open an episode with its primary therapist; its id."""
    episode_id = new_id()
    await work.add(Episode, id=episode_id, client_id=client_id, opened_on=on)
    if focus:
        await work.add(EpisodeFocus, id=episode_id, client_id=client_id, lines=list(focus))
    await work.add(
        CareAssignment,
        id=new_id(),
        client_id=client_id,
        episode_id=episode_id,
        user_id=therapist_id,
        part="primary",
    )
    return episode_id
