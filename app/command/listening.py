"""The API's socket, taken before anything else is started."""

import errno
import socket
from typing import Final

from app.command.saying import Complaint

BACKLOG: Final = 2048
OFFERED: Final = 50


def listen(host: str, port: int) -> socket.socket:
    """A listening socket there. Raises Complaint for a port that is taken, or a host not here."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):
        raise Complaint(
            f"There is no host {host} to listen at: name another with --host."
        ) from None
    family, kind, protocol, _, address = found[0]
    try:
        return _bound(family, kind, protocol, address)
    except OSError as error:
        raise Complaint(_why(error, host, port)) from error


def _bound(family: int, kind: int, protocol: int, address: object) -> socket.socket:
    made = socket.socket(family, kind, protocol)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)  # type: ignore[arg-type]
        # At once: a bound socket that does not listen yet does not keep others away.
        made.listen(BACKLOG)
        made.setblocking(False)
    except BaseException:
        made.close()
        raise
    return made


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        free = _free_after(host, port)
        offer = f", such as --port {free}" if free else ""
        return (
            f"Port {port} on {host} is taken by another program: name another with --port{offer}."
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return f"The address {host} is not one of this machine's: name another with --host."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"This account may not listen on port {port}: name one from 1024 on with --port."
    return (
        f"Nothing can listen on {host}, port {port} ({error.strerror}): name another with --port."
    )


def _free_after(host: str, port: int) -> int | None:
    for offered in range(port + 1, min(port + OFFERED, 65535)):
        try:
            family, kind, protocol, _, address = socket.getaddrinfo(
                host, offered, type=socket.SOCK_STREAM
            )[0]
            _bound(family, kind, protocol, address).close()
        except OSError:
            continue
        return offered
    return None
