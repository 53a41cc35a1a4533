"""Web server and worker in one process tree: what a small installation needs."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

READY_WITHIN = 60.0  # seconds
PATIENCE = 35.0  # seconds left to the children to end their present request or task
RESTART_AFTER = 3.0  # seconds before a worker that died is started again


class Command(BaseCommand):
    """Start both, restart the worker if it dies, stop both together."""

    help = "Sert l’application : le web et le travail de fond, ensemble."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, with how many processes and threads."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2, help="processus web")
        parser.add_argument(
            "--threads", type=int, default=8, help="requêtes à la fois par processus"
        )
        parser.add_argument("--no-worker", action="store_true", help="sans le travail de fond")

    def handle(self, *args: Any, **options: Any) -> None:
        """Watch over the children until one of the stop signals."""
        self._stop = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask_stop)
        children: dict[str, subprocess.Popen[bytes]] = {"web": _start(_web_command(options))}
        if not options["no_worker"]:
            children["worker"] = _start([sys.executable, "-m", "restanque", "worker"])
        try:
            self._announce(children["web"], options["host"], options["port"])
            while not self._stop and children["web"].poll() is None:
                if "worker" in children and children["worker"].poll() is not None:
                    self.stderr.write("Le travail de fond s’est arrêté : il est relancé.")
                    time.sleep(RESTART_AFTER)
                    children["worker"] = _start(children["worker"].args)  # type: ignore[arg-type]
                time.sleep(0.2)
        finally:
            failed = children["web"].poll() not in (None, 0) and not self._stop
            _stop_all(list(children.values()))
        if failed:
            raise CommandError("Le serveur web s’est arrêté (voir ci-dessus).")

    def _ask_stop(self, *_: object) -> None:
        self._stop = True

    def _announce(self, web: "subprocess.Popen[bytes]", host: str, port: int) -> None:
        """Print the address once it answers, so that a script can wait for it."""
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104
        deadline = time.monotonic() + READY_WITHIN
        while not self._stop and web.poll() is None and time.monotonic() < deadline:
            if _answers(f"http://{shown}:{port}/sante/"):
                self.stdout.write(f"Restanque répond sur http://{shown}:{port}/")
                self.stdout.flush()
                return
            time.sleep(0.1)


def _web_command(options: dict[str, Any]) -> list[str]:
    return [
        sys.executable, "-m", "gunicorn", "restanque.config.wsgi:application",
        "--bind", f"{options['host']}:{options['port']}",
        "--worker-class", "gthread",
        "--workers", str(options["workers"]),
        "--threads", str(options["threads"]),
        "--timeout", "60", "--graceful-timeout", "30",
        "--log-level", "warning", "--no-control-socket",
    ]  # fmt: skip


def _start(command: list[str]) -> "subprocess.Popen[bytes]":
    # A Ctrl+C in the terminal reaches the whole group: each child ends by itself, and we wait.
    return subprocess.Popen(command, env=os.environ.copy())  # noqa: S603


def _answers(url: str) -> bool:
    """Whether a server answers, whatever it says: a redirection to HTTPS is an answer."""
    try:
        with urllib.request.urlopen(url, timeout=2):  # noqa: S310
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def _stop_all(children: "list[subprocess.Popen[bytes]]") -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
