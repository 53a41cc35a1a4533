"""The wall of a campaign: one stone an invitation, laid from the bottom left. Pure drawing."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from random import Random

COURSE = 27.0  # height of a course, joint included, in drawing units
JOINT = 4.0


@dataclass(frozen=True, slots=True)
class Stone:
    """A stone: its outline, the class that colours it, what it stands for."""

    points: str
    style: str
    title: str


@dataclass(frozen=True, slots=True)
class Wall:
    """A drawing `width` × `height` units, stones from the first laid to the last."""

    width: int
    height: int
    stones: tuple[Stone, ...]


def build_wall(kinds: Sequence[tuple[str, str]], *, width: int, across: int) -> Wall:
    """A wall of (style, title) in laying order, about `across` stones a course.

    Always the same drawing for the same number of stones: it does not shiver between two visits,
    stones only change colour.
    """
    courses = max(1, ceil(len(kinds) / across))
    per_course = ceil(len(kinds) / courses) if kinds else across
    height = int(courses * COURSE)
    stones: list[Stone] = []
    for course in range(courses):
        laid = kinds[course * per_course : (course + 1) * per_course]
        # A last course that is not full keeps stones of the usual size.
        shapes = _course(course, per_course, width)[: len(laid)]
        bottom = height - course * COURSE
        for (style, title), (left, right) in zip(laid, shapes, strict=True):
            rng = Random(f"{course}:{left:.1f}")  # noqa: S311 - a drawing
            stones.append(Stone(_outline(left, right, bottom, rng), style, title))
    return Wall(width, height, tuple(stones))


def _course(course: int, number: int, width: int) -> list[tuple[float, float]]:
    """Left and right ends of a course's stones, of uneven lengths that fill the width."""
    rng = Random(course)  # noqa: S311 - a drawing
    lengths = [rng.uniform(0.62, 1.38) for _ in range(number)]
    scale = (width - JOINT) / sum(lengths)
    ends, left = [], JOINT
    for length in lengths:
        right = left + length * scale
        ends.append((left, right - JOINT))
        left = right
    return ends


def _outline(left: float, right: float, bottom: float, rng: Random) -> str:
    """A rough rectangle: seven corners, each a little off."""
    low, high = bottom - 1.5, bottom - COURSE + JOINT
    middle = (low + high) / 2

    def near(x: float, y: float) -> str:
        return f"{x + rng.uniform(-1, 1):.1f},{y + rng.uniform(-1.1, 1.1):.1f}"

    return " ".join(
        (
            near(left, high), near((left + right) / 2, high - 0.8), near(right, high),
            near(right + 0.6, middle), near(right, low), near(left, low),
            near(left - 0.6, middle),
        )
    )  # fmt: skip
