"""Ten thousand certificates on two workers that are killed at random; Redis and PostgreSQL restart in the middle.

script/bench soak_certificates [how many] [seconds between kills]

Starts servers of its own on free ports of this machine and ends them by their process numbers. It ends with lines
`issued`, `files`, `gaps`, `twice`, `mails`, `killed`, `seconds`, `per_second`, and exits 1 unless
every promise is kept.
A certificate whose worker died at all three attempts waits for its staff; here it is tried again and counted in
`tried_again`.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
KILL_EVERY = float(sys.argv[2]) if len(sys.argv) > 2 else 20.0
WORKERS = 2
PATIENCE = 300  # seconds without any progress


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait_for(port: int) -> None:
    for _try in range(300):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit(f"nothing answers on port {port}")


class Postgres:
    """A cluster of our own, with its safety on: a restart must not lose what was committed."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder / "postgres", free_port()
        found = shutil.which("initdb") or max(map(str, Path("/usr/lib/postgresql").glob("*/bin/initdb")), default="")
        if not found:
            sys.exit("PostgreSQL is missing: apt-get install postgresql")
        self.tools = Path(found).resolve().parent
        self.folder.mkdir()
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(self.folder, "postgres")
        self.run(f"{self.tools}/initdb -D {self.folder}/data -U postgres -A trust -E UTF8 --locale=C.UTF-8").wait()
        self.start()

    def start(self) -> None:
        self.run(
            f"exec {self.tools}/postgres -D {self.folder}/data -p {self.port} -k {self.folder} "
            "-c listen_addresses=127.0.0.1 -c max_connections=60"
        )
        wait_for(self.port)

    def stop(self) -> None:
        """At once and without a farewell to anybody, as a crash would."""
        number = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        os.kill(number, signal.SIGQUIT)
        while Path(f"/proc/{number}").exists() and "State:\tZ" not in Path(f"/proc/{number}/status").read_text():
            time.sleep(0.1)

    def run(self, command: str) -> subprocess.Popen[bytes]:
        shell = ["su", "postgres", "-s", "/bin/bash", "-c"] if os.geteuid() == 0 else ["bash", "-c"]
        with (self.folder.parent / "postgres.log").open("ab") as log:
            return subprocess.Popen([*shell, command], stdout=log, stderr=log, cwd=self.folder.parent)


class Redis:
    """A broker that keeps nothing: after a restart every message is lost."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.start()

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen([*command, "--dir", str(self.folder)], stdout=log, stderr=log)
        wait_for(self.port)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


class Workers:
    """Two workers, each a process group; one more process is the clock that sweeps."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.killed = folder, 0
        self.running = [self.start() for _place in range(WORKERS)]
        self.clock = self.celery("beat", "--schedule", str(folder / "beat"))

    def start(self) -> subprocess.Popen[bytes]:
        return self.celery(
            "worker", "--concurrency", "1", "--without-gossip", "--without-mingle", "--without-heartbeat"
        )

    def celery(self, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "--app", "credpoints", *arguments]
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, start_new_session=True)

    def kill_one(self) -> None:
        place = random.randrange(WORKERS)
        end(self.running[place])
        self.running[place] = self.start()
        self.killed += 1

    def revive(self) -> None:
        """What a service manager does: start again what has ended by itself."""
        self.running = [one if one.poll() is None else self.start() for one in self.running]
        if self.clock.poll() is not None:
            self.clock = self.celery("beat", "--schedule", str(self.folder / "beat"))

    def stop(self) -> None:
        for one in [*self.running, self.clock]:
            end(one)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children as a power cut would."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def soak(folder: Path) -> bool:
    postgres, redis = Postgres(folder), Redis(folder)
    os.environ |= {
        "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{postgres.port}/postgres",
        "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
        "DJANGO_SETTINGS_MODULE": "credpoints.settings",
        "VAR_DIR": str(folder),
        "LOG_LEVEL": "ERROR",
    }
    workers = None
    try:
        promises = prepare()
        workers = Workers(folder)
        began = time.monotonic()
        watch(workers, [("Redis", redis), ("PostgreSQL", postgres)], promises["made"], promises["again"])
        seconds = time.monotonic() - began
        return report(promises["count"], workers.killed, seconds)
    finally:
        if workers:
            workers.stop()
        redis.stop()
        postgres.stop()


def prepare() -> dict[str, Callable[..., Any]]:
    """Make the tables and as many certificates, approved by two people, as were asked for."""
    sys.path.insert(0, str(ROOT))
    import django  # noqa: PLC0415 - the settings name servers that have just been started

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    from benchmarks import soak_facts  # noqa: PLC0415

    began = time.monotonic()
    soak_facts.number_many(COUNT)
    print(f"{COUNT} certificates numbered in {time.monotonic() - began:.0f} s", flush=True)
    return {"made": soak_facts.made, "again": soak_facts.try_again, "count": soak_facts.count}


def watch(workers: Workers, servers: list[tuple[str, Any]], made: Callable[[], int], again: Callable[[], None]) -> None:
    """Kill a worker now and then and restart each server once, until all are made or nothing moves any more."""
    marks = [COUNT // 3, COUNT * 2 // 3]
    last, moved, next_kill, told = -1, time.monotonic(), time.monotonic() + KILL_EVERY, 0
    while True:
        now, done = time.monotonic(), made()
        if done == COUNT:
            return
        if done != last:
            last, moved = done, now
        if now - moved > PATIENCE:
            print(f"nothing has moved for {PATIENCE} s at {done}")
            return
        if now - told > 30:
            print(f"{done} of {COUNT}", flush=True)
            told = now
        if servers and done >= marks[-len(servers)]:
            name, server = servers.pop(0)
            server.stop()
            time.sleep(3)
            server.start()
            print(f"{name} restarted at {done}", flush=True)
        if now > next_kill:
            workers.kill_one()
            next_kill = now + random.uniform(0.5, 1.5) * KILL_EVERY
        if now - moved > 15:
            again()
        workers.revive()
        time.sleep(0.5)


def report(count: Callable[[], dict[str, int]], killed: int, seconds: float) -> bool:
    facts = {**count(), "killed": killed, "seconds": round(seconds)}
    for name, value in facts.items():
        print(name, value)
    print("per_second", round(facts["issued"] / seconds, 2))
    kept = all(facts[name] == COUNT for name in ("issued", "files", "mails"))
    return kept and facts["gaps"] == facts["twice"] == facts["damaged"] == 0


if __name__ == "__main__":
    place = Path(tempfile.mkdtemp(prefix="soak-"))
    place.chmod(0o755)  # PostgreSQL runs as another user
    try:
        kept_all = soak(place)
    finally:
        if "--keep" not in sys.argv:
            shutil.rmtree(place, ignore_errors=True)
    sys.exit(0 if kept_all else 1)
