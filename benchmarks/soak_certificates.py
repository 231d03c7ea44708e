"""Ten thousand certificates on two workers that are killed at random; Redis and PostgreSQL restart in the middle.

script/bench soak_certificates [how many] [--kill-every SECONDS] [--minutes M] [--folder FOLDER]

One issue run, as staff start it: drafts are checked, approved by two people, numbered, rendered, sealed and told to
their holder by two Celery workers. Starts servers of its own on free ports of this machine (PostgreSQL, a Redis that
keeps nothing, a mail server that counts) and ends them by their process numbers. With --folder it may be interrupted,
by --minutes or by Ctrl-C, and goes on where it stopped when it is started again; the sessions are counted.

It ends with lines `issued`, `files`, `gaps`, `twice`, `mails`, `delivered_twice`, `killed`, `seconds`, `per_second`,
and exits 0 only when every promise is kept, 3 when it was interrupted before the end. A certificate that could not be
made waits for its staff; here it is tried again and counted in `tried_again`.
"""

import argparse
import json
import os
import random
import re
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
PATIENCE = 300  # seconds without any progress


@dataclass
class Diary:
    """What a soak that is interrupted has to know when it goes on."""

    count: int
    sessions: int = 0
    killed: int = 0
    seconds: float = 0.0
    restarted: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, folder: Path, count: int) -> "Diary":
        path = folder / "diary.json"
        diary = cls(**json.loads(path.read_text())) if path.exists() else cls(count)
        if diary.count != count:
            sys.exit(f"{folder} holds a soak of {diary.count} certificates")
        return diary

    def write(self, folder: Path) -> None:
        (folder / "diary.json").write_text(json.dumps(asdict(self)))


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
        if not self.folder.exists():
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
        ready = [f"{self.tools}/pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, check=False).returncode == 1:  # it hears us and reads its log of changes
            time.sleep(0.2)

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


class MailServer:
    """Takes every mail and writes down its Message-ID, which says whether a mail came twice."""

    def __init__(self, folder: Path) -> None:
        self.book = folder / "mails.txt"
        self.book.touch()
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), self._talk())
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def counts(self) -> Counter[str]:
        return Counter(self.book.read_text().split())

    def _talk(self) -> type[socketserver.StreamRequestHandler]:
        book = self.book

        class Talk(socketserver.StreamRequestHandler):
            """As much SMTP as Python's client speaks."""

            def handle(self) -> None:
                self.say("220 ready")
                while line := self.rfile.readline():
                    word = line[:4].upper()
                    if word == b"DATA":
                        self.say("354 go on")
                        self.take_mail()
                    self.say("221 bye" if word == b"QUIT" else "250 ok")
                    if word == b"QUIT":
                        return

            def take_mail(self) -> None:
                mail = b"".join(iter(self.rfile.readline, b".\r\n"))
                found = re.search(rb"(?mi)^Message-ID:\s*(\S+)", mail)
                with book.open("ab") as file:  # one short write at the end of a file is whole
                    file.write((found[1] if found else b"none") + b"\n")

            def say(self, words: str) -> None:
                self.wfile.write(f"{words}\r\n".encode())

        return Talk


class Workers:
    """Two workers, each a process group; one more process is the clock that sweeps."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
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


def soak(folder: Path, diary: Diary, kill_every: float, minutes: float) -> int:
    postgres, redis, mails = Postgres(folder), Redis(folder), MailServer(folder)
    os.environ |= {
        "DATABASE_URL": f"postgresql://postgres@127.0.0.1:{postgres.port}/postgres",
        "REDIS_URL": f"redis://127.0.0.1:{redis.port}/0",
        "DJANGO_SETTINGS_MODULE": "credpoints.settings",
        "VAR_DIR": str(folder),
        "LOG_LEVEL": "ERROR",
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mails.port),
    }
    workers = None
    diary.sessions += 1
    try:
        facts = prepare(diary.count)
        workers = Workers(folder)
        began, before = time.monotonic(), diary.seconds
        try:
            servers = {"Redis": redis, "PostgreSQL": postgres}
            until = began + minutes * 60
            finished = watch(workers, servers, facts, diary, kill_every=kill_every, until=until)
        finally:
            diary.seconds = before + time.monotonic() - began
            diary.write(folder)
        return report(facts.count(), mails.counts(), diary) if finished else 3
    finally:
        if workers:
            workers.stop()
        for server in (mails, redis, postgres):
            server.stop()


def prepare(count: int) -> Any:
    """Make the tables, so many drafts, and one issue run that takes them all; what is there already stays."""
    sys.path.insert(0, str(ROOT))
    import django  # noqa: PLC0415 - the settings name servers that have just been started

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    from benchmarks import soak_facts  # noqa: PLC0415

    began = time.monotonic()
    soak_facts.begin(count)
    print(f"{count} drafts in one issue run after {time.monotonic() - began:.0f} s", flush=True)
    return soak_facts


def watch(
    workers: Workers, servers: dict[str, Any], facts: Any, diary: Diary, *, kill_every: float, until: float
) -> bool:
    """Kill a worker now and then and restart each server once; whether all are made, or nothing moves any more.

    Each server is restarted when so many are issued, in this session or a former one.
    """
    marks = {"Redis": diary.count // 3, "PostgreSQL": diary.count * 2 // 3}
    last, moved, next_kill, told = -1, time.monotonic(), time.monotonic() + kill_every, 0.0
    while time.monotonic() < until:
        now, steps = time.monotonic(), facts.steps()
        done = steps.get("issued", 0)
        if facts.is_finished(diary.count):
            return True
        if steps and hash(str(steps)) != last:
            last, moved = hash(str(steps)), now
        if now - moved > PATIENCE:
            print(f"nothing has moved for {PATIENCE} s: {steps}")
            return True
        if now - told > 30:
            print(f"{time.strftime('%H:%M:%S')} {steps}, {diary.killed} killed", flush=True)
            told = now
        for name, server in servers.items():
            if name not in diary.restarted and done >= marks[name]:
                server.stop()
                time.sleep(3)
                server.start()
                diary.restarted.append(name)
                print(f"{name} restarted at {done}", flush=True)
        if now > next_kill:
            workers.kill_one()
            diary.killed += 1
            next_kill = now + random.uniform(0.5, 1.5) * kill_every
        facts.do_what_staff_do(idle=now - moved > 15)
        workers.revive()
        time.sleep(1)
    print(f"interrupted at {facts.steps()}")
    return False


def report(facts: dict[str, int], mails: Counter[str], diary: Diary) -> int:
    """Every promise with its number; 0 when all are kept."""
    facts["delivered"] = len(mails)
    facts["delivered_twice"] = sum(1 for times in mails.values() if times > 1)
    facts |= {"killed": diary.killed, "sessions": diary.sessions, "seconds": round(diary.seconds)}
    for name, value in facts.items():
        print(name, value)
    print("restarted", ", ".join(diary.restarted) or "nothing")
    print("per_second", round(facts["issued"] / diary.seconds, 2))
    kept = all(facts[name] == diary.count for name in ("issued", "files", "mails"))
    # A mail whose worker died while it was sent is "perhaps sent" and waits for a person: never sent twice.
    kept = kept and facts["delivered"] >= diary.count - facts["perhaps_sent"]
    wrong = ("gaps", "twice", "damaged", "delivered_twice")
    return 0 if kept and all(facts[name] == 0 for name in wrong) and len(diary.restarted) == 2 else 1


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    parser.add_argument("--kill-every", type=float, default=20.0, help="seconds between two kills, on average")
    parser.add_argument("--minutes", type=float, default=600.0, help="stop after so many minutes")
    parser.add_argument("--folder", type=Path, help="keep everything here, and go on with what is here")
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)  # PostgreSQL runs as another user
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return soak(folder.resolve(), Diary.read(folder, options.count), options.kill_every, options.minutes)
    except KeyboardInterrupt:
        return 3
    finally:
        if not options.folder:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
