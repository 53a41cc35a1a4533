"""What import-linter cannot see: links that point upwards by a string, and impure engines."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import get_resolver

SOURCE = Path(__file__).parent.parent / "src" / "restanque"


def ranks() -> dict[str, int]:
    """Room → height, read from the layers contract so that there is one order only."""
    config = tomllib.loads((SOURCE.parent.parent / "pyproject.toml").read_text("utf-8"))
    layers = config["tool"]["importlinter"]["contracts"][0]["layers"]
    names = [re.findall(r"\w+", layer) for layer in layers]
    return {room: -height for height, rooms in enumerate(names) for room in rooms}


RANK = ranks()


def may_point(here: str, there: str) -> bool:
    """A room may point to itself and to lower rooms."""
    return here == there or RANK[there] < RANK[here]


def test_foreign_keys_point_downwards() -> None:
    faults = []
    for model in apps.get_models():
        here = model._meta.app_label
        if here not in RANK:
            continue
        for field in model._meta.get_fields():
            if field.auto_created or not field.is_relation or field.related_model is None:
                continue
            there = field.related_model._meta.app_label  # type: ignore[union-attr]
            if there in RANK and not may_point(here, there):
                faults.append(f"{model.__name__}.{field.name} -> {there}")
    assert faults == []


# The frame of every page names the portal's home, search and legal pages, and the profile: it is
# the one place of kit that knows URL names above it, because a base page is what a browser sees.
_FRAME = {"base.html", "plain.html", "footer.html", "403.html", "404.html", "500.html"}
_LINK = re.compile(r"""(?:url\s+|reverse(?:_lazy)?\(\s*|redirect\(\s*)["'](\w+):[\w:-]+["']""")


@pytest.mark.parametrize("room", sorted(room for room in RANK if (SOURCE / room).is_dir()))
def test_url_names_point_downwards(room: str) -> None:
    known = set(get_resolver().namespace_dict) & set(RANK)
    faults = []
    for path in (SOURCE / room).rglob("*"):
        if path.suffix not in {".py", ".html", ".txt"} or (room == "kit" and path.name in _FRAME):
            continue
        for there in _LINK.findall(path.read_text("utf-8")):
            # Landing on the home page after signing in is the one upward step of the accounts.
            if there in known and not may_point(room, there) and there != "portal":
                faults.append(f"{path.relative_to(SOURCE)}: {there}")
    assert faults == []


def test_engines_load_without_django() -> None:
    modules = [
        "restanque." + ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        for path in (SOURCE / "engine").rglob("*.py")
    ]
    code = f"import sys, {', '.join(modules)}; sys.exit('django' in sys.modules)"
    code = code.replace(".__init__", "")
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# Written in pieces, so that this file does not name them either.
_HOSTS = (
    ("pypi", "org"),
    ("files.python", "hosted"),
    ("registry.npm", "js"),
    ("deb.debian", "org"),
)
_HOST = re.compile("|".join(r"\.?".join(map(re.escape, pieces)) for pieces in _HOSTS))


def test_no_registry_is_named() -> None:
    root = SOURCE.parent.parent
    listing = subprocess.run(
        ["git", "ls-files"], cwd=root, capture_output=True, text=True, check=False
    ).stdout.split("\n")
    faults = []
    for name in listing:
        path = root / name
        if (
            not name
            or not path.is_file()
            or path == Path(__file__)
            or path.suffix in {".woff2", ".png", ".xlsx"}
        ):
            continue
        try:
            if _HOST.search(path.read_text("utf-8")):
                faults.append(name)
        except UnicodeDecodeError:
            continue
    assert faults == []
