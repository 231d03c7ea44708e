"""Start the processes of one machine together and stop them together: web server and worker of the demo."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

STOP_WITHIN = 20.0
PR_SET_PDEATHSIG = 1


@dataclass
class Service:
    """One running process, its log and what people call it."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


class Died(Exception):
    """A process ended although nobody stopped it."""

    def __init__(self, service: Service) -> None:
        lines = service.log.read_text(errors="replace").splitlines()[-25:]
        super().__init__(f"The {service.name} has stopped. Its last words ({service.log}):\n" + "\n".join(lines))


def gunicorn(*, bind: str) -> list[str]:
    """One process with eight threads: what one machine and SQLite want."""
    return [
        sys.executable, "-m", "gunicorn", "credpoints.wsgi", "--bind", bind, "--worker-class", "gthread",
        "--workers", "1", "--threads", "8", "--graceful-timeout", "5", "--access-logfile", "-",
    ]  # fmt: skip


def celery(*, schedule: Path) -> list[str]:
    """A worker with two processes, which also rings the clock."""
    return [
        sys.executable, "-m", "celery", "--app", "credpoints", "worker", "--beat", "--schedule", str(schedule),
        "--concurrency", "2", "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO",
    ]  # fmt: skip


def start(name: str, command: list[str], *, log: Path) -> Service:
    """Start a process in a session of its own, so that Ctrl-C reaches it once and through us."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - the two commands above
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_end_with_parent,  # noqa: PLW1509 - this process has no threads
        )
    return Service(name, process, log)


def check_alive(services: list[Service]) -> None:
    """Raise Died when one of them has ended."""
    for service in services:
        if service.process.poll() is not None:
            raise Died(service)


def stop(services: list[Service]) -> None:
    """Ask all to finish what they do; whoever does not in time is ended with everything it started."""
    for service in services:
        if service.process.poll() is None:
            service.process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_WITHIN
    for service in services:
        try:
            service.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _kill_group(service)
            service.process.wait()
        else:
            _kill_group(service)  # children that a dying parent left behind


def _kill_group(service: Service) -> None:
    try:
        os.killpg(service.process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _end_with_parent() -> None:
    """Linux stops this process when its parent is killed, so that nothing runs on unseen."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
