"""Prints the largest relative difference with R, by estimator (see test_r_survey.py)."""

from __future__ import annotations

import sys
from collections import defaultdict

from tests.conformance.r_survey.test_r_survey import CASES, STORED, gap, is_clear, ours


def main() -> None:
    worst: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    prefixes = ("apisrs post", "apisrs raked", "apistrat post", "made raked", "lonely")
    for name in CASES:
        prefix = next((p for p in prefixes if name.startswith(p)), name.split()[0])
        kind = name.removeprefix(prefix).strip()
        for part, mine in ours()[name].items():
            if part in STORED["cases"][name] and mine is not None and is_clear(name, part):
                value = gap(mine, STORED["cases"][name][part])
                for key in (f"estimator: {kind}", f"design: {prefix}"):
                    worst[key][part] = max(worst[key][part], value)
    for key in sorted(worst):
        parts = "  ".join(f"{part} {value:.1e}" for part, value in worst[key].items())
        sys.stdout.write(f"{key:32} {parts}\n")


if __name__ == "__main__":
    main()
