"""`make bench`: every measure in turn, or those named on the command line."""

import importlib
import sys

from bench.machine import describe

# Name → what it measures. Each module has main() and prints its own figures.
BENCHES = {
    "forms_recompute": "form engine: parse, new session, recompute, validate",
    "forms_speed": "form engine beside JavaRosa; a thousand submissions checked; memory of a form",
    "forms_fuzz": "hostile questionnaires and answers for --seconds N (60): findings, slowest",
    "estimation_coverage": "how often the 95 % intervals hold the truth, three response models",
    "deadlines": "500 procedures of 60 facts: every statutory date, and what an edited rule moves",
    "procedures": "500 procedures of 60 facts through the pages: home, list, one, first of the day",
    "work": "2,000 tasks of 20 people: workload, schedule, and the pages that show them",
    "supply_transport": "bread, two levels: time beside OR-Tools, POT, HiGHS, PuLP (--france)",
    "supply_potential": "bread, three stages: time beside HiGHS in one piece; what-ifs (--france)",
    "supply_award": "whole lots to bakeries: gap, rules, time beside HiGHS (--limit N, --france)",
    "roads": "road distances: 363 x 900 places on a network of 200,000 nodes",
    "supply_assignment": "whole lots beside spopt on its own model (--whole: PAT, minutes, 5 GB)",
    "pages": "server time of the main pages, as a ratio to an empty page of the same stack",
    "load": "200 respondents at once on SQLite through the real server, every answer compared",
    "kills": "200 kills of the server at random instants: nothing acknowledged may be lost",
}


def main() -> int:
    """0 when every check inside the chosen measures holds."""
    # Each measure reads its own options.
    chosen = [word for word in sys.argv[1:] if word in BENCHES]
    unknown = [word for word in sys.argv[1:] if word not in BENCHES]
    if unknown and (not chosen or not unknown[0].startswith("--")):
        print(f"Unknown measure: {unknown[0]}. Known: {', '.join(BENCHES)}")
        return 2
    chosen = chosen or list(BENCHES)
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
