"""What is urgent, in the story: nobody opened it for a while, and the owner looks after it."""

from typing import Any, Protocol

from sqlalchemy import func, update

from app.core.clock import now
from app.core.ids import SYSTEM
from app.core.statements import Query, p
from app.homework.attention_notices import AttentionNotice
from app.jobs.delivering import drain
from app.operation.house import House
from app.operation.work import Work

_DUE = Query(
    update(AttentionNotice)
    .where(AttentionNotice.practice_id == p("practice_id"))
    .values(due_at=func.now())
)


class Calling(Protocol):
    """Someone in the story."""

    async def call(self, method: str, path: str, body: object = None) -> Any: ...


async def tell(worker: House, ana: Calling, cleo: Calling) -> None:
    """Cleo says that she is not safe; an hour later Ana, who owns the practice, is told."""
    tool = (await cleo.call("GET", "/v1/me/toolbox"))["items"][0]
    said = {
        "client_key": "phone-7f3a-0203",
        "exercise_version_id": tool["exercise_version_id"],
        "occurred_at": now().isoformat(),
        "zone": "Europe/London",
        "obstacles": ["unsafe"],
        "unsafe_from": "someone",
    }
    await cleo.call("POST", "/v1/me/repetitions", said)
    await drain(worker)
    me = await ana.call("GET", "/v1/auth/me")
    practice_id = me["context"]["practice_id"]
    work = Work(worker, operation="story", request_id=SYSTEM)
    async with work.visit(capacity="job", practice_id=practice_id):
        await work.run(_DUE)
    (told,) = (await ana.call("GET", "/v1/today"))["escalated"]
    await ana.call("POST", f"/v1/attention-notices/{told['id']}/open")
