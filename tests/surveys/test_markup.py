"""The marks that authors write in labels, and what must never come out of them."""

import pytest

from restanque.surveys import markup


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Du **bon** pain", "Du <strong>bon</strong> pain"),
        ("Du *bon* pain", "Du <em>bon</em> pain"),
        ("Du _bon_ pain, __très__", "Du <em>bon</em> pain, <strong>très</strong>"),
        ("**Du *bon* pain**", "**Du <em>bon</em> pain**"),
        ("Ligne 1\nLigne 2", "Ligne 1<br>Ligne 2"),
        ("# Titre", "<strong>Titre</strong>"),
        ("2 * 3 * 4, nom_du_four et a_b_c", "2 * 3 * 4, nom_du_four et a_b_c"),
        ("Nom : ________", "Nom : ________"),
        ("<span style='color:red'>Rouge</span>", "Rouge"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("&lt;script&gt;", "&lt;script&gt;"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ('**<img src=x onerror="y">**', "****"),
    ],
)
def test_a_label_on_a_line(text: str, shown: str) -> None:
    assert markup.inline(text) == shown


def test_a_link_says_that_it_opens_elsewhere() -> None:
    link = markup.inline('[la notice](https://example.org/?a=1&b="2)')
    assert 'href="https://example.org/?a=1&amp;b=&quot;2"' in link
    assert "nouvelle fenêtre" in link


def test_a_note_has_paragraphs_titles_and_lists() -> None:
    note = markup.block("# Merci\nUn mot.\nDeux.\n\n- pain\n- **four**\n1. un")
    assert note == (
        '<p class="rq-note-titre">Merci</p><p>Un mot.<br>Deux.</p>'
        "<ul><li>pain</li><li><strong>four</strong></li></ul><ol><li>un</li></ol>"
    )


def test_plain_text_loses_its_marks_only() -> None:
    text = "# Du **bon** _pain_\n[ici](https://example.org) 2 * 3"
    assert markup.plain(text) == "Du bon pain\nici 2 * 3"
