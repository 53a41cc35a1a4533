"""`make bench`: every measure in turn, or those named on the command line."""

import importlib
import sys

from bench.machine import describe

# Name → what it measures. Each module has main() and prints its own figures.
BENCHES = {
    "forms_recompute": "form engine: parse, new session, recompute, validate",
    "estimation_coverage": "how often the 95 % intervals hold the truth, three response models",
    "pages": "server time of the main pages, as a ratio to an empty page of the same stack",
    "load": "200 respondents at once on SQLite through the real server, every answer compared",
    "kills": "200 kills of the server at random instants: nothing acknowledged may be lost",
}


def main() -> int:
    """0 when every check inside the chosen measures holds."""
    chosen = sys.argv[1:] or list(BENCHES)
    print(f"Machine: {describe()}")
    failed = []
    for name in chosen:
        print(f"\n=== {name}: {BENCHES[name]}", flush=True)
        if importlib.import_module(f"bench.{name}").main():
            failed.append(name)
    if failed:
        print(f"\nFailed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
