"""The documents tell the truth wherever a machine can check it: links, commands, settings."""

import argparse
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from restanque.cli.main import COMMANDS
from tests.typography import faults_of

ROOT = Path(__file__).parent.parent
NOT_OURS = {".venv", "node_modules", "var"}
GUIDE = ROOT / "docs" / "guide"
INSTALL = ROOT / "docs" / "install.md"

FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.*)$", re.MULTILINE)
# What is typed: in a fenced block, or between backquotes.
CODE = re.compile(r"^```\w*\n(.*?)^```|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
TYPED = re.compile(r"(?:^|bin/)restanque +((?:[a-z][\w-]*|--[a-z-]+)(?: +[^\n#;&|)]*)?)", re.M)
VARIABLE = re.compile(r"\b(?:RESTANQUE_[A-Z_]+|DATABASE_URL)\b")
EXTERNAL = ("http://", "https://", "mailto:")


@cache
def documents() -> dict[Path, str]:
    """Our Markdown files; what git leaves aside (hidden folders, data) is not ours."""
    return {
        path: path.read_text("utf-8")
        for path in sorted(ROOT.rglob("*.md"))
        if not any(
            part in NOT_OURS or part.startswith(".") for part in path.relative_to(ROOT).parts
        )
    }


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(text: str) -> set[str]:
    """Targets of a page's headings, as forges derive them."""
    kept = (
        re.sub(r"[^\w\- ]", "", re.sub(r"\s", " ", title.strip().lower()))
        for title in HEADING.findall(FENCE.sub("", text))
    )
    return {title.replace(" ", "-") for title in kept}


def test_the_documents_are_found() -> None:
    assert {"README.md", "docs/install.md", "docs/guide/README.md"} <= {
        name(path) for path in documents()
    }


def test_every_link_and_image_leads_somewhere() -> None:
    broken = []
    for path, text in documents().items():
        for target in LINK.findall(FENCE.sub("", text)):
            if target.startswith(EXTERNAL):
                continue
            file, _, anchor = target.partition("#")
            aimed = (path.parent / file).resolve() if file else path
            if not aimed.exists():
                broken.append(f"{name(path)}: {target}")
            elif anchor and anchor not in anchors(aimed.read_text("utf-8")):
                broken.append(f"{name(path)}: {target} (no such heading)")
    assert broken == []


def test_every_page_of_the_guide_is_reached_from_its_contents() -> None:
    reached = set(LINK.findall(documents()[GUIDE / "README.md"]))
    assert {page.name for page in GUIDE.glob("*.md")} - {"README.md"} <= reached


def typed_commands() -> Iterator[tuple[str, str]]:
    """Each `restanque …` of a document: where, and what follows the program's name."""
    for path, text in documents().items():
        for block, inline in CODE.findall(text):
            for typed in TYPED.findall(block or inline):
                yield name(path), typed


def parser_of(command: str) -> argparse.ArgumentParser | None:
    module = COMMANDS.get(command, (command, ""))[0]
    application = get_commands().get(module)
    if application is None:
        return None
    loaded = (
        load_command_class(application, module) if isinstance(application, str) else application
    )
    return loaded.create_parser("restanque", module)


def inner(parser: argparse.ArgumentParser, action: str) -> argparse.ArgumentParser | None:
    """The parser of an action (`create`, `check`…), None when there is no such action."""
    for given in parser._actions:
        if isinstance(given, argparse._SubParsersAction):
            return given.choices.get(action)
    return parser


def complaint(typed: str) -> str:
    """Why this would not run; empty when command, action and options are all known."""
    words = typed.split()
    command, rest = words[0], words[1:]
    if command in ("--help", "--version"):
        return ""
    parser = parser_of(command)
    if parser is None:
        return "no such command"
    if any(isinstance(given, argparse._SubParsersAction) for given in parser._actions):
        # « build|load » names both; a command named alone, in a sentence, is no fault.
        for action in rest[0].split("|") if rest else ():
            found = inner(parser, action)
            if found is None:
                return f"no action {action}"
        parser = inner(parser, rest[0].split("|")[0]) if rest else parser
    assert parser is not None
    unknown = [
        word
        for word in re.findall(r"--[a-z][a-z-]*", " ".join(rest))
        if word not in parser._option_string_actions
    ]
    return f"no option {', '.join(unknown)}" if unknown else ""


def test_every_command_named_exists_with_its_action_and_options() -> None:
    typed = list(typed_commands())
    assert len(typed) > 20
    faults = [
        f"{where}: restanque {what}: {why}" for where, what in typed if (why := complaint(what))
    ]
    assert faults == []


@pytest.mark.parametrize(
    "typed",
    ["frobnicate", "form frob FILE", "form check --fix FILE", "backup --encrypt FILE", "user rm"],
)
def test_a_wrong_command_is_seen(typed: str) -> None:
    assert complaint(typed)


def test_every_command_of_the_list_exists() -> None:
    assert [command for command in COMMANDS if parser_of(command) is None] == []


def test_the_settings_documented_are_those_read() -> None:
    settings = (ROOT / "src/restanque/config/settings.py").read_text("utf-8")
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    table = {
        variable
        for row in documents()[INSTALL].splitlines()
        if row.startswith("| `")
        for variable in VARIABLE.findall(row.split("|")[1])
    }
    assert table == read


def test_no_document_names_a_setting_that_is_not_read() -> None:
    code = "".join(
        path.read_text("utf-8")
        for folder in ("src", "tests", "bench")
        for path in (ROOT / folder).rglob("*.py")
        if path != Path(__file__)
    )
    unknown = {
        f"{name(path)}: {variable}"
        for path, text in documents().items()
        for variable in VARIABLE.findall(text)
        if f'"{variable}"' not in code
    }
    assert unknown == set()


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Lines that are read, code and addresses left out, with their number."""
    masked = FENCE.sub(lambda found: "\n" * found.group().count("\n"), text)
    for number, line in enumerate(masked.splitlines(), start=1):
        if not re.fullmatch(r"[|\- ]+", line):
            yield number, re.sub(r"`[^`]*`|\]\([^)]*\)", "", line)


def test_the_guide_is_written_in_proper_french() -> None:
    faults = [
        f"{name(path)}:{fault}"
        for path, text in documents().items()
        if GUIDE in path.parents
        for number, line in prose(text)
        for fault in faults_of(line, number)
    ]
    assert faults == []
