"""Reads one sheet of a workbook in a process of its own: run as a script, imports nothing of ours.

A workbook of a few kilobytes may announce billions of cells (one in A1, one in XFD1048576), and
the library that reads it allocates them all, or ends its process. Here memory and time are
bounded, and what dies is not the web server.
"""

import io
import pickle
import resource
import sys
from collections.abc import Sequence
from typing import Any

MAX_MEMORY = 2 * 1024**3  # bytes: ten million cells, the most that an import takes, fit
MAX_SECONDS = 60  # of processor
UNKNOWN_SHEET = "unknown sheet"


def filled(cells: Sequence[Any]) -> bool:
    """Whether a row holds something."""
    return any(
        cell is not None and (not isinstance(cell, str) or cell.strip("\0 \t\r\n\u00a0"))
        for cell in cells
    )


def read_grid(data: bytes, wanted: str) -> tuple[list[str], str, list[list[Any]]]:
    """(names of the sheets, name of the one read, its rows); no rows when all are empty."""
    import python_calamine

    workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    names = list(workbook.sheet_names)
    if wanted and wanted not in names:
        return names, UNKNOWN_SHEET, []
    for name in [wanted] if wanted else names:
        # Without the empty area, row numbers would not be those the reader sees.
        grid = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
        if any(filled(cells) for cells in grid):
            return names, name, grid
    return names, "", []


def main() -> None:
    """Standard input: the workbook. Argument: the wanted sheet or "". Standard output: a pickle."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    found = read_grid(sys.stdin.buffer.read(), sys.argv[1])
    pickle.dump(found, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
