"""HTTP as uvicorn speaks it over httptools, within bounds that it does not have itself.

h11, its other parser, bounds the head and is slower; neither bounds time, trailers, pipelining or
connections.
"""

from asyncio import Transport
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.command.connections import Bounds, Line
from app.core.errors import BadRequest, HeadTooLarge, Problem, TooSlow, Unavailable, answer
from app.core.ids import new_id

_PER_FIELD: Final = len(": \r\n")


class BoundedHttp(HttpToolsProtocol):
    """One connection. `line` is that of its process."""

    line: ClassVar[Line]

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._in_head = True
        self._arriving = True
        """A request is awaited, or has come in part; between two requests it is not."""
        self._came = 0
        """Bytes of the request that is arriving; those of others in the same read included."""
        self._read = 0
        self._pieces = 0
        self._number = 0
        self._stands_for: tuple[int, bool, bool] | None = None
        """What its place in the line is for: which request, in its head or not, and answered."""
        self._refusal: Problem | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if self.line.is_full_beside(self, self.connections):
            self._refuse(Unavailable("service.full", "Too many are connected. Please try again."))
        else:
            self._stand_in_line()

    def connection_lost(self, exc: Exception | None) -> None:
        self.line.leave(self)
        self.line.reads_on(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._read = len(data)
        self._came += self._read
        super().data_received(data)
        if self._arriving:
            self._check_arriving()
        self._stand_in_line()

    def _check_arriving(self) -> None:
        bounds = self.line.bounds
        if self._in_head:
            if self._came > bounds.head_bytes or self._has_many_fields():
                self._refuse(_head_too_large(bounds))
        elif self._came > bounds.request_bytes or self._has_many_fields():
            # Trailers are fields too. The answer, if there is one, is sent before the end.
            self.transport.close()

    def on_message_begin(self) -> None:
        if len(self.pipeline) >= self.line.bounds.pipelined:
            self._stop(BadRequest("wire.pipelined", "Wait for answers before asking for more."))
        super().on_message_begin()
        self._in_head = self._arriving = True
        self._came = self._read
        self._pieces = 0
        self._number += 1

    def on_headers_complete(self) -> None:
        bounds = self.line.bounds
        if (self._came > bounds.head_bytes and self._head_size() > bounds.head_bytes) or (
            self._has_many_fields()
        ):
            self._stop(_head_too_large(bounds))
        self._in_head = False
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._pieces += 1
        if self._pieces > self.line.bounds.pieces:
            self._stop(BadRequest("wire.pieces", "Send the body in fewer and larger pieces."))
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._arriving = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._stand_in_line()

    def pause_writing(self) -> None:
        super().pause_writing()
        self.line.stopped_reading(self, self.loop.time())

    def resume_writing(self) -> None:
        super().resume_writing()
        self.line.reads_on(self)

    def timeout_keep_alive_handler(self) -> None:
        """uvicorn would wait for a caller that does not read to read to the end."""
        self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """The answer to what the parser, or one of the methods above, stopped at."""
        self._refuse(self._refusal or BadRequest("wire.http", "This is not HTTP/1.1. " + msg))

    def is_late(self, waited: float) -> bool:
        """Whether the head, or the body, has not come in its time."""
        bounds = self.line.bounds
        return self._arriving and waited > (
            bounds.head_seconds if self._in_head else bounds.request_seconds
        )

    def give_up(self) -> None:
        """End it; whoever sent a part of a head is told why."""
        if self._in_head and self._came and not self._is_answering():
            self._refuse(TooSlow("wire.too_slow", "The head took too long. Send it again."))
        else:
            self.transport.abort()

    def _stand_in_line(self) -> None:
        """Wait for the caller from now on, or as before; not while a whole request is answered."""
        answering = self._is_answering()
        if (answering and not self._arriving) or self.transport.is_closing():
            self._stands_for = None
            self.line.leave(self)
            return
        part = (self._number, self._in_head, answering)
        if part != self._stands_for:
            self._stands_for = part
            self.line.put(self, self.loop.time(), answering=answering)

    def _head_size(self) -> int:
        return len(self.url) + sum(len(n) + len(v) + _PER_FIELD for n, v in self.headers)

    def _has_many_fields(self) -> bool:
        return self.headers is not None and len(self.headers) > self.line.bounds.head_fields

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _stop(self, problem: Problem) -> None:
        """Stop the parser, which makes of any exception a request to answer 400."""
        self._refusal = problem
        raise problem

    def _refuse(self, problem: Problem) -> None:
        """Answer and end; without an answer where one is being sent, or was before the body."""
        if self.transport.is_closing():
            return
        in_body = self._arriving and not self._in_head
        if not (in_body or self._is_answering()):
            response = answer(problem, new_id())
            head = [STATUS_LINE[problem.status]]
            for name, value in (*response.raw_headers, (b"connection", b"close")):
                head += [name, b": ", value, b"\r\n"]
            self.transport.write(b"".join([*head, b"\r\n", bytes(response.body)]))
        self.transport.close()


def bounded(bounds: Bounds) -> type[BoundedHttp]:
    """Return the protocol for one process, with a line of its own."""
    return type("Http", (BoundedHttp,), {"line": Line(bounds)})


def _head_too_large(bounds: Bounds) -> Problem:
    return HeadTooLarge(
        "wire.head_too_large",
        f"The head of a request is at most {bounds.head_bytes // 1024} KiB and"
        f" {bounds.head_fields} fields here. Send less in it.",
    )
