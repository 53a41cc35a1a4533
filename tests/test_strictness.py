"""The guards themselves: each one is shown a fault, and must see it."""

from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.template import Context, Template, engines
from django.template.base import Origin

from restanque.accounts.models import User
from tests.conftest import check_html
from tests.strictness import SOURCE, UndefinedVariableError
from tests.typography import NO_BREAK, faults_of, faults_of_template, faults_of_words


def render(text: str, *, ours: bool = True, **context: Any) -> str:
    """Render a template as if it were one of ours, or somebody else's."""
    name = f"{SOURCE}/kit/templates/kit/essai.html" if ours else "/elsewhere/essai.html"
    engine: Any = engines["django"].engine  # type: ignore[attr-defined]
    return Template(text, origin=Origin(name), engine=engine).render(Context(context))


def test_an_undefined_variable_raises_and_is_named() -> None:
    with pytest.raises(UndefinedVariableError, match=r"« thing\.name » is undefined in kit/"):
        render("<p>{{ thing.name }}</p>")


def test_an_undefined_variable_in_a_filter_raises() -> None:
    with pytest.raises(UndefinedVariableError):
        render("{{ thing|upper }}")


def test_the_guard_survives_a_change_of_settings(settings: Any) -> None:
    settings.DEBUG = True
    with pytest.raises(UndefinedVariableError):
        render("{{ thing }}")


def test_a_variable_that_may_be_absent_says_so() -> None:
    assert render('{{ thing|default:"rien" }}{% if thing %}oui{% endif %}') == "rien"


def test_other_people_s_templates_are_left_alone() -> None:
    assert render('{{ thing }}{{ thing|default:"rien" }}', ours=False) == "rien"


def test_defined_variables_are_shown(db: None) -> None:
    assert render("{{ a }}{{ b }}{{ c }}", a=None, b=0, c="") == "None0"


def test_rows_without_an_order_come_in_any_order(db: None) -> None:
    for rank in range(40):
        User.objects.create_user(f"u{rank}@example.org")
    seen = {tuple(User.objects.order_by().values_list("pk", flat=True)) for _ in range(5)}
    assert len(seen) > 1
    ordered = {tuple(User.objects.values_list("pk", flat=True)) for _ in range(5)}
    assert len(ordered) == 1


@pytest.mark.parametrize(
    "html",
    [
        "<script>x()</script>",
        "<style>p{}</style>",
        '<p style="color:red">x</p>',
        '<button onclick="x()">x</button>',
        "<p>{{ name }}</p>",
        '<form method="post"></form>',
    ],
)
def test_what_a_strict_page_must_not_hold_is_seen(html: str) -> None:
    with pytest.raises(AssertionError):
        check_html(HttpResponse(html))


@pytest.mark.parametrize(
    "text",
    [
        "l'été",
        "Quoi ?",
        "Quoi?",
        "Note : ceci",
        "Note: ceci",
        "« ainsi »",
        "Attendez...",
        'Dites "oui" ici',
        "Ceci ; cela",
    ],
)
def test_typographic_faults_are_seen(text: str) -> None:
    assert faults_of(text)


@pytest.mark.parametrize("space", NO_BREAK)
def test_proper_french_has_no_fault(space: str) -> None:
    text = f"L’été{space}: «{space}quoi{space}?{space}», à 10:30, voir https://example.org…"
    assert faults_of(text) == []
    assert faults_of_words(text) == []


def test_faults_of_templates_are_found_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "{# l'essai #}\n<p title=\"Où ?\">\n{% if a == 'b ?' %}C'est{% endif %}</p>"
        '{{ x|default:"Rien !" }}',
        "utf-8",
    )
    assert sorted((fault.line, fault.what[:10]) for fault in faults_of_template(path)) == [
        (2, "espace ins"),
        (3, "apostrophe"),
        (3, "espace ins"),
    ]
