"""What must hold everywhere: nothing left behind, nothing open by mistake, nothing badly set."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.template import engines
from django.template.library import import_library

from restanque.accounts.models import User, Workspace
from tests.addresses import addresses
from tests.test_outsiders import PUBLIC, PUBLISHED
from tests.typography import faults_of_template, faults_of_words

SOURCE = Path(__file__).parent.parent / "src" / "restanque"
# Names under which Django and the sign-in library look for templates by themselves.
FOUND_BY_NAME = re.compile(r"^(\d{3}(_\w+)?\.html$|account/|allauth/|bootstrap5/|mfa/)")


def relative(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@cache
def texts(*suffixes: str) -> dict[Path, str]:
    """Our own files of these kinds, migrations aside."""
    return {
        path: path.read_text("utf-8")
        for path in sorted(SOURCE.rglob("*"))
        if path.suffix in suffixes and not {"migrations", "vendor"} & set(path.parts)
    }


def templates() -> dict[str, Path]:
    """Name → file of our templates."""
    found = {}
    for path in sorted(SOURCE.glob("*/templates/**/*")):
        if path.is_file():
            folder = next(one for one in path.parents if one.name == "templates")
            found[str(path.relative_to(folder))] = path
    return found


def test_no_template_is_left_unused() -> None:
    every = texts(".py", ".html", ".txt")
    words = "\n".join(every.values())
    # Names made at run time: « f"surveys/respond/field_{widget}.html" ».
    made = re.findall(r"[\"']([\w/]+/[\w]*)\{", words)
    unused = []
    for name, path in templates().items():
        used = name in re.sub(re.escape(every[path]), "", words) if path in every else False
        if name.startswith("cotton/"):
            tag = name.removeprefix("cotton/").removesuffix(".html").replace("_", "-")
            used = re.search(rf"<c-{re.escape(tag).replace('/', '.')}[\s/>]", words) is not None
        built = any(name.startswith(start) for start in made)
        if not (used or built or FOUND_BY_NAME.match(name)):
            unused.append(name)
    assert unused == []


def test_no_static_file_of_ours_is_left_unused() -> None:
    words = "\n".join(texts(".py", ".html", ".css", ".js", ".typ").values())
    unused = [
        relative(path)
        for path in sorted(SOURCE.glob("*/static/**/*"))
        if path.is_file()
        and "vendor" not in path.parts
        and not path.name.startswith("LICENSE")
        and path.name not in words
    ]
    assert unused == []


# One's own page, whatever the role: the view itself looks at who asks.
FOR_ANY_MEMBER = {"portal:home", "accounts:profile", "accounts:workspaces"}


def test_every_view_has_its_rule_or_is_public_on_purpose() -> None:
    """`require(rule)`, or the explicit list of public pages, or a respondent's token."""
    faults = []
    for address in addresses():
        if ":" not in address.name or address.name in FOR_ANY_MEMBER:
            continue
        guarded = hasattr(address.callback, "access_rule")
        public = not getattr(address.callback, "login_required", True)
        allowed = address.name in {*PUBLIC, *PUBLISHED} or address.name.startswith("respondent:")
        if guarded == public or public != allowed:
            faults.append(f"{address.name}: guarded {guarded}, public {public}")
    assert faults == []


def ours() -> list[type[models.Model]]:
    """Our models, those made by simple_history aside."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("restanque.") and not hasattr(model, "history_object")
    ]


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.label)
def test_models_are_named_and_ordered(model: type[models.Model]) -> None:
    named = model._meta.original_attrs.get("verbose_name")  # type: ignore[attr-defined]
    assert named, "give Meta.verbose_name, in French"
    assert str(named)[0].islower() or str(named).split()[0].isupper(), "lower case"
    plural = str(model._meta.verbose_name_plural)
    assert plural != f"{named}s" or " " not in str(named), "several words: write the plural too"
    assert model._meta.ordering, "give Meta.ordering: no list is left to chance"


# Keys to persons that do not outlive them, because the row is that person's.
OWNED_BY_A_USER = {"accounts.Membership.user", "core.SavedView.user"}
# Communes, EPCI…: national tables that no workspace owns.
REFERENCE = "restanque.territories.models.reference"


def foreign_keys() -> Iterator[tuple[str, Any]]:
    for model in ours():
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and not field.remote_field.parent_link:
                yield f"{model._meta.label}.{field.name}", field


@pytest.mark.parametrize(
    ("name", "field"),
    list(foreign_keys()),
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_keys_say_what_happens_when_their_target_goes(name: str, field: Any) -> None:
    target, rule = field.related_model, field.remote_field.on_delete
    if target is Workspace:
        assert rule is models.CASCADE, "what belongs to a workspace goes with it"
    elif target is User:
        expected = models.CASCADE if name in OWNED_BY_A_USER else models.SET_NULL
        assert rule is expected, "what a person wrote stays when the account goes"
    elif target.__module__ == REFERENCE and field.model.__module__ != REFERENCE:
        assert rule in (models.PROTECT, models.SET_NULL), "reference data are not deleted under us"
    else:
        assert rule in (models.CASCADE, models.PROTECT, models.SET_NULL)
    if rule is models.SET_NULL:
        assert field.null
    assert field._verbose_name, "name it in French"


@cache
def libraries() -> dict[str, set[str]]:
    """Template library → its tags and filters."""
    engine: Any = engines["django"].engine  # type: ignore[attr-defined]
    return {
        name: {*import_library(path).tags, *import_library(path).filters}
        for name, path in engine.libraries.items()
    }


def test_templates_load_what_they_use_and_nothing_else() -> None:
    engine: Any = engines["django"].engine  # type: ignore[attr-defined]
    builtins = {path.rpartition(".")[2] for path in engine.builtins}
    faults = []
    for name, path in templates().items():
        text = texts(".html", ".txt").get(path, "")
        for loaded in re.findall(r"{%\s*load\s+([^%]*?)\s*%}", text):
            if " from " in loaded:
                continue
            names = loaded.split()
            if names != sorted(names):
                faults.append(f"{name}: {loaded} is not sorted")
            for library in names:
                if library in builtins:
                    faults.append(f"{name}: {library} is a builtin")
                used = (rf"({{%\s*|\|){re.escape(word)}\b" for word in libraries()[library])
                if not any(re.search(pattern, text) for pattern in used):
                    faults.append(f"{name}: {library} is not used")
    assert faults == []


def test_templates_are_written_in_proper_french() -> None:
    """Apostrophes ’, guillemets « », no-break spaces before : ; ? ! and inside « »."""
    faults = [
        f"{relative(path)}:{fault}"
        for path in templates().values()
        if path.suffix in (".html", ".txt")
        for fault in faults_of_template(path)
    ]
    assert faults == []


# Words that are not for people: what files may say, what expressions are.
NOT_READ = ("cli", "engine", "directory/importers", "kit/tabular", "directory/nomenclature.py")


def test_sentences_in_the_code_are_written_in_proper_french() -> None:
    """The same for texts in Python: labels, messages, e-mails."""
    faults = []
    for path, text in texts(".py").items():
        if relative(path).startswith(NOT_READ):
            continue
        for line, words in read_by_people(ast.parse(text)):
            faults += [f"{relative(path)}:{line}: {fault}" for fault in faults_of_words(words)]
    assert faults == []


def read_by_people(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of the strings of a module that are neither docstrings nor code."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docstrings
        ):
            yield node.lineno, node.value
