"""The real processes: serve, worker, SIGTERM, kill -9, on an SQLite file of their own."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.core.smtp import Catcher, smtp_server

PATIENCE = 60.0  # seconds; a loaded machine is slow to start Python

SETUP = """
from restanque.accounts.services import add_member, create_workspace
add_member(workspace=create_workspace(name="PETR"), email="bob@exemple.fr", role="agent")
"""
START = """
from restanque.accounts.models import User, Workspace
from restanque.core.jobs import start_job
from tests.core import work
start_job(workspace=Workspace.objects.get(), kind="essai", label="Compter", task=work.count_to,
          arguments={"total": 3}, requested_by=User.objects.get())
"""
WRITE = """
from restanque.accounts.models import Workspace
from restanque.core import mail
for address in %r:
    mail.queue_message(workspace=Workspace.objects.get(), to_email=address, subject="Bonjour",
                       text="Bonjour", purpose="invitation")
"""


class Instance:
    """A data folder, its commands, and a look into its database from outside."""

    def __init__(self, home: Path, smtp_port: int) -> None:
        self.home = home
        self.children: list[subprocess.Popen[str]] = []
        self.environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONUNBUFFERED": "1",
            "RESTANQUE_DATA_DIR": str(home / "data"),
            "RESTANQUE_EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
            "RESTANQUE_MAIL_PER_SECOND": "0",
        }

    def run(self, *arguments: str) -> None:
        """Run a command to its end."""
        subprocess.run(self._command(*arguments), **self._options(), check=True)

    def shell(self, code: str) -> None:
        """Run Python inside the application."""
        self.run("shell", "--no-imports", "-c", code)

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a command that lasts; it is stopped with the test."""
        child = subprocess.Popen(
            self._command(*arguments),
            **self._options(),
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.children.append(child)
        return child

    def read(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the database, read from outside."""
        with closing(sqlite3.connect(self.home / "data" / "restanque.sqlite3")) as base:
            return base.execute(query).fetchall()

    def stop(self) -> None:
        """Leave nothing running."""
        for child in self.children:
            if child.poll() is None:
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
            if child.stdout:
                child.stdout.close()

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-W", "ignore", "-m", "restanque", *arguments]

    def _options(self) -> dict[str, Any]:
        return {"env": self.environment, "cwd": self.home, "stderr": subprocess.DEVNULL}


@pytest.fixture
def catcher() -> Iterator[tuple[Catcher, int]]:
    """A local SMTP server and its port."""
    received = Catcher()
    with smtp_server(received) as port:
        yield received, port


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a migrated instance with one workspace and Bob, made once."""
    made = Instance(tmp_path_factory.mktemp("model"), smtp_port=1)
    made.run("migrate", "--verbosity", "0")
    made.shell(SETUP)
    return made.home / "data"


@pytest.fixture
def instance(model: Path, tmp_path: Path, catcher: tuple[Catcher, int]) -> Iterator[Instance]:
    """An instance of its own for each test, stopped with it."""
    shutil.copytree(model, tmp_path / "data")
    made = Instance(tmp_path, catcher[1])
    yield made
    made.stop()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def children_of(pid: int) -> list[int]:
    """Direct children, by /proc (Linux)."""
    listing = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [int(found) for found in listing.stdout.split()]


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_serve_answers_works_sends_and_stops_whole(
    instance: Instance, catcher: tuple[Catcher, int]
) -> None:
    port = free_port()
    server = instance.start("serve", "--port", str(port), "--workers", "1")
    assert server.stdout is not None
    assert server.stdout.readline() == f"Restanque répond sur http://127.0.0.1:{port}/\n"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante/") as answer:
        assert answer.status == 200

    instance.shell(START)
    instance.shell(WRITE % (["mairie@arles.fr", "inconnu@exemple.fr"],))
    wait_for(lambda: instance.read("SELECT status FROM core_job") == [("done",)])
    wait_for(
        lambda: (
            instance.read("SELECT status FROM core_outgoingmessage ORDER BY id")
            == [("sent",), ("failed_hard",)]
        )
    )
    assert catcher[0].recipients == ["mairie@arles.fr"]

    family = children_of(server.pid)
    assert len(family) == 2  # web and worker
    server.terminate()
    assert server.wait(40) == 0
    assert not any(is_alive(pid) for pid in family)


def test_serve_starts_its_worker_again(instance: Instance) -> None:
    server = instance.start("serve", "--port", str(free_port()), "--workers", "1")
    assert server.stdout is not None
    server.stdout.readline()
    worker = next(pid for pid in children_of(server.pid) if command_of(pid).endswith("worker"))

    os.kill(worker, signal.SIGKILL)
    instance.shell(START)

    wait_for(lambda: instance.read("SELECT status FROM core_job") == [("done",)])


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode().strip()


def test_a_worker_killed_while_sending_never_sends_twice(
    instance: Instance, catcher: tuple[Catcher, int]
) -> None:
    """`lent@` is received, then its answer never comes: the process is killed meanwhile."""
    received, _ = catcher
    instance.shell(WRITE % (["lent@exemple.fr", "mairie@arles.fr"],))
    first = instance.start("worker")
    wait_for(lambda: received.recipients == ["lent@exemple.fr"])
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    statuses = "SELECT status FROM core_outgoingmessage ORDER BY id"
    assert instance.read(statuses) == [("sending",), ("queued",)]

    # What time does: the hold of the dead process ends, ten minutes pass.
    with closing(sqlite3.connect(instance.home / "data" / "restanque.sqlite3")) as base, base:
        base.execute("UPDATE core_periodicrun SET held_until = NULL, next_at = '2000-01-01'")
        base.execute("UPDATE core_outgoingmessage SET claimed_at = '2000-01-01'")
    instance.start("worker")

    wait_for(lambda: instance.read(statuses) == [("uncertain",), ("sent",)])
    assert received.recipients == ["lent@exemple.fr", "mairie@arles.fr"]


def test_a_worker_stops_politely(instance: Instance) -> None:
    worker = instance.start("worker")
    instance.shell(START)
    wait_for(lambda: instance.read("SELECT status FROM core_job") == [("done",)])

    worker.terminate()

    assert worker.wait(40) == 0
