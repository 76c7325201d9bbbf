"""Which processes belong to one embedded cluster, and the watcher that ends them.

`embedded.start` runs this file as a detached process. It waits for the users' lock exclusively;
the kernel grants that when the last user has closed it or died, however it died.
"""

import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import psutil  # type: ignore[import-untyped]

FAST_THEN_FIRM = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))


def cluster_name(cluster: Path) -> str:
    """The name a server of this folder carries in its command line: true of no copy of the folder.

    Raises OSError when the folder does not exist.
    """
    found = cluster.stat()
    return f"praxis-{found.st_dev:x}-{found.st_ino:x}"


def processes(cluster: Path) -> tuple[list[psutil.Process], list[psutil.Process]]:
    """The living main process of this cluster (none or one), and its other processes.

    Found by command line, which everyone may read: a process's working folder is closed even to
    root in a container. Zombies have no command line and are not counted.
    """
    name = cluster_name(cluster)
    main, others = [], []
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or [""]
        if Path(words[0]).name == "postgres" and f"cluster_name={name}" in words:
            main.append(process)
        elif " ".join(words).startswith(f"postgres: {name}: "):
            others.append(process)
    return main, others


def is_opened_by(pid: int, cluster: Path) -> bool:
    """Whether a living process is a PostgreSQL on this folder that somebody else started."""
    try:
        process = psutil.Process(pid)
        words = process.cmdline()
    except (psutil.Error, OverflowError):
        return False
    try:
        place = process.cwd()
    except psutil.AccessDenied:
        place = ""
    is_postgres = bool(words) and Path(words[0]).name.startswith("postgres")
    return is_postgres and (place == str(cluster) or str(cluster) in words)


def end(cluster: Path, steps: Iterable[tuple[int, float]]) -> bool:
    """Send each signal in turn (0 sends none) and give it its seconds; true once nothing is left.

    The main process passes signals on; the others are signalled only when it is gone.
    """
    for signum, seconds in steps:
        main, others = processes(cluster)
        for process in main or others:
            try:
                process.send_signal(signum)
            except psutil.Error:
                continue
        deadline = time.monotonic() + seconds
        while any(processes(cluster)):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
        else:
            return True
    return False


def main(data: Path, reaper_lock: int) -> None:
    """Wait for the last user of `data` to go, then stop its server and give up `reaper_lock`."""
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)
    users = os.open(data / "locks" / "users", os.O_RDWR)
    fcntl.flock(users, fcntl.LOCK_EX)
    # Tools of a starter that was killed hold its lock until they end: only then is all of it there.
    starter = os.open(data / "locks" / "starter", os.O_RDWR)
    fcntl.flock(starter, fcntl.LOCK_EX)
    # A folder deleted and made anew has locks, and perhaps a server, that are not ours to end.
    if os.path.samestat(os.fstat(users), (data / "locks" / "users").stat()):
        end(data / "cluster", FAST_THEN_FIRM)
    # Before the users' lock goes: whoever takes that next must see that no reaper is left.
    os.close(reaper_lock)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
