"""The requests of each operation, and a caller of ASGI applications that costs next to nothing."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from app.access.tokens import TokenAuthority
from app.core import paging
from app.core.clock import now
from app.core.ids import SYSTEM
from tests.benchmarks.scene import Caller, Scene
from tests.homework.scenes import submission

OPERATIONS: Final = (
    "get_my_today", "list_assignments", "list_clients", "submit_my_homework", "get_note",
    "get_today", "list_review_queue", "get_homework_board", "get_my_week", "sync_mine",
)  # fmt: skip


ITEMS: Final = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, ready to be sent."""

    method: str
    path: str
    query: str
    token: str
    body: bytes

    def scope(self) -> dict[str, Any]:
        """It as an ASGI server hands it to an application."""
        headers = [
            (b"host", b"praxis.test"),
            (b"user-agent", b"praxis-benchmark"),
            (b"accept", b"application/json"),
            (b"authorization", b"Bearer " + self.token.encode()),
        ]
        if self.body:
            headers.append((b"content-type", b"application/json"))
            headers.append((b"content-length", str(len(self.body)).encode()))
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": self.query.encode(),
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 50000),
            "server": ("praxis.test", 80),
            "state": {},
        }

    def wire(self) -> bytes:
        """It as it goes over a socket."""
        target = f"{self.path}?{self.query}" if self.query else self.path
        lines = [f"{self.method} {target} HTTP/1.1".encode()]
        lines += [name + b": " + value for name, value in self.scope()["headers"]]
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body


class Asking:
    """Makes an operation's requests, in order: `first` says which slots were answered before."""

    def __init__(self, scene: Scene, tokens: TokenAuthority, cursors: bytes) -> None:
        self.scene = scene
        self._tokens = tokens
        self._cursors = cursors
        self._issued: dict[str, str] = {}
        self._by_sender: dict[int, list[str]] = {}

    def requests(self, operation: str, first: int, count: int) -> list[Asked]:
        """`count` requests; a submission each answers a slot of its own, from `first` on."""
        scene = self.scene
        if operation == "submit_my_homework":
            return [self._submission(n) for n in range(first, first + count)]
        if operation == "sync_mine":
            return [self._batch(n) for n in range(first, first + count)]
        asked = {
            "get_my_today": (scene.today, "/v1/me/today", "zone=Europe/Berlin"),
            "list_assignments": (
                scene.therapist, f"/v1/clients/{scene.reader}/assignments", "limit=25",
            ),
            "list_clients": (scene.therapist, "/v1/clients", "limit=50"),
            "get_note": (scene.therapist, f"/v1/notes/{scene.note_id}", ""),
            "get_today": (scene.therapist, "/v1/today", ""),
            "list_review_queue": (scene.therapist, "/v1/review-queue", "limit=25"),
            "get_homework_board": (
                scene.therapist, f"/v1/clients/{scene.practising.client_id}/homework-board", "",
            ),
            "get_my_week": (scene.practising, "/v1/me/week", "zone=Europe/Berlin"),
        }[operation]  # fmt: skip
        caller, path, query = asked
        return [Asked("GET", path, query, self._token(caller), b"")] * count

    def _submission(self, number: int) -> Asked:
        """Clients take turns, each from the first of their slots on."""
        turn, sender = divmod(number, len(self.scene.senders))
        slot = self._slots_of(sender)[turn]
        body = submission(f"device-{slot}", sent_at=now().isoformat(), obstacles=["too_busy"])
        path = f"/v1/me/occurrences/{slot}/submissions"
        token = self._token(self.scene.senders[sender])
        return Asked("POST", path, "", token, json.dumps(body).encode())

    def _batch(self, number: int) -> Asked:
        """Three items for slots of one client, counted from the end, where no submission begins;
        with a cursor that nothing comes after, so that what is answered stays the same."""
        scene = self.scene
        turn, sender = divmod(number, len(scene.senders))
        mine = self._slots_of(sender)[::-1][ITEMS * turn : ITEMS * (turn + 1)]
        caller = scene.senders[sender]
        listing = f"sync:{scene.practice_id}:{caller.user_id}:{caller.client_id}"
        after_all = f"{now() + timedelta(days=9):%Y-%m-%dT%H:%M:%S+00:00}|{SYSTEM}"
        items = []
        for slot in mine:
            body = submission(f"device-{slot}", obstacles=["too_busy"])
            said = {name: body[name] for name in body if name not in ("client_key", "zone")}
            items.append({"kind": "submission", "client_key": f"device-{slot}", "about_id": slot,
                          "body": said})  # fmt: skip
        asked = {
            "client_id": caller.client_id, "zone": "Europe/Berlin", "sent_at": now().isoformat(),
            "cursor": paging.make(self._cursors, listing, after_all), "items": items,
        }  # fmt: skip
        return Asked("POST", "/v1/me/sync", "", self._token(caller), json.dumps(asked).encode())

    def _slots_of(self, sender: int) -> list[str]:
        if not self._by_sender:
            for place, slot in self.scene.slots:
                self._by_sender.setdefault(place, []).append(slot)
        return self._by_sender[sender]

    def _token(self, caller: Caller) -> str:
        token = self._issued.get(caller.sign_in_id)
        if token is None:
            token = self._issued[caller.sign_in_id] = self._tokens.issue(
                sub=caller.user_id,
                sid=caller.sign_in_id,
                practice=self.scene.practice_id,
                kind=caller.kind,  # type: ignore[arg-type]
                role=caller.role,
                client=caller.client_id,
            )
        return token


async def call(app: Any, scope: dict[str, Any], content: bytes) -> tuple[int, bytes]:
    """Status and body of one request, in process. A scope serves once."""
    status, chunks = 0, []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": content, "more_body": False}

    async def send(message: Any) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        else:
            chunks.append(message.get("body", b""))

    await app(scope, receive, send)
    return status, b"".join(chunks)
