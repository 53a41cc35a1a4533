"""Hostile inputs by grammar: workbooks, changed XForms, answers of any shape (`fuzzing.py`)."""

from __future__ import annotations

import contextlib
import copy
import io

import openpyxl
from hypothesis import strategies as st
from lxml import etree

from tests.engine.forms.fuzzing import bases

NAMES = [
    "a",
    "b",
    "g",
    "r",
    "q1",
    "été",
    "a-b",
    "x.y",
    "1a",
    "",
    "meta",
    "instanceID",
    "__",
    "data",
]
NUMBERS = ["0", "-1", "1e9", "1e400", "0.1", "99999999999999999999", "NaN", "-0", "١", "1,5"]
TEXTS = [
    "",
    " ",
    "'",
    '"',
    "oui",
    "é\u0301",
    "\u00a0",
    "\u202e",
    "😀",
    "&",
    "<b>",
    "]]>",
    "\x0b",
    "\ud800",
]
PATTERNS = [
    "(a+)+$",
    "(a|aa)+",
    "[",
    "(?<x>a)",
    "\\p{L}+",
    "^(\\w+\\s?)*$",
    "a{1,99999}",
    "(?i)x",
    "\\",
]
FORMULAS = [
    "${a}", "${b} = 'oui'", "../a", ".", "..", "/data/*", "//*", "count(../*)", "sum(${q1})",
    "position(..)", "indexed-repeat(${a}, ${r}, 1)", "selected(${a}, 'x')", "once(random())",
    "if(${a}, ${b}, ${g})", "coalesce(${a}, ${b})", "current()/../a", "instance('l')/root/item",
    "jr:choice-name(${a}, '${a}')", "pulldata('l', 'a', 'b', ${a})", "today() + ${a}", "uuid()",
    "regex(., '(a+)+$')", "regex(${a}, ${b})", "string-length(.) > 5", "${a}[1]", "@x", "a/@*",
    "format-date(${a}, '%Y')", "distance(${a})", "1 div 0", "randomize(/data/r)", "((((((",
    "max(/data/*)", "'l’apostrophe'", "${rien}", "= 1", "not()", "true() = 'true'", "a | b",
    "digest(., 'MD5')", "join(',', //*)", "weighted-checklist(1, 2, ${a}, 3)", "${a}${b}",
]  # fmt: skip
TYPES = [
    "text", "integer", "decimal", "date", "time", "dateTime", "note", "calculate", "hidden",
    "acknowledge", "select_one l", "select_multiple l", "rank l", "select_one l or_other",
    "select_one ${a}", "select_one_from_file f.csv", "select_one_external l", "range", "geopoint",
    "geotrace", "geoshape", "image", "file", "audio", "barcode", "audit", "start", "end", "today",
    "deviceid", "username", "begin_group", "end_group", "begin_repeat", "end_repeat", "begin group",
    "xml-external", "csv-external", "osm", "background-geopoint", "select_one", "", "texte",
]  # fmt: skip
COLUMNS = [
    "type", "name", "label", "label::Français (fr)", "hint", "guidance_hint", "required",
    "relevant",
    "constraint", "constraint_message", "calculation", "choice_filter", "repeat_count", "default",
    "trigger", "appearance", "parameters", "readonly", "save_to", "bind::x", "bind::rq:fact",
    "instance::y", "body::accept", "media::image", "bind::nodeset", "control::ref", "", "zzz",
]  # fmt: skip

letters = st.text(max_size=12)
cell = st.one_of(
    st.sampled_from([*NAMES, *FORMULAS, *NUMBERS, *TEXTS, *PATTERNS, "yes", "true()", "minimal"]),
    letters,
    st.tuples(st.sampled_from(FORMULAS), st.sampled_from([" and ", " + ", "=", " "])).map("".join),
)
row = st.fixed_dictionaries(
    {"type": st.sampled_from(TYPES), "name": st.sampled_from(NAMES)},
    optional={column: cell for column in COLUMNS if column not in ("type", "name")},
)
choice = st.fixed_dictionaries(
    {"list_name": st.sampled_from(["l", "m", ""]), "name": cell},
    optional={"label": cell, "a": cell, "name.1": cell, "media::image": cell},
)
SETTINGS = [
    "form_id", "form_title", "version", "default_language", "instance_name", "namespaces", "style",
    "public_key", "submission_url", "allow_choice_duplicates",
]  # fmt: skip
setting = st.fixed_dictionaries({}, optional=dict.fromkeys(SETTINGS, cell))
Rows = list[dict[str, str]]


def workbook(survey: Rows, choices: Rows, settings: Rows, entities: Rows) -> bytes:
    """An .xlsx of these rows; what Excel cannot hold is left out."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    sheets = {"survey": survey, "choices": choices, "settings": settings, "entities": entities}
    for name, rows in sheets.items():
        if not rows:
            continue
        sheet = book.create_sheet(name)
        columns = list(dict.fromkeys(key for line in rows for key in line))
        for cells in [dict(zip(columns, columns, strict=True)), *rows]:
            sheet.append([_cell(cells.get(column, "")) for column in columns])
    if not book.sheetnames:
        book.create_sheet("survey")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(text: str) -> str:
    return "".join(c for c in text if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff"))


sheets = st.tuples(
    st.lists(row, max_size=12),
    st.lists(choice, max_size=5),
    st.lists(setting, max_size=1),
    st.lists(st.fixed_dictionaries({"list_name": cell, "label": cell}), max_size=1),
)

mutations = st.lists(
    st.tuples(
        st.sampled_from(
            ["attribute", "text", "drop", "double", "move", "rename", "unset", "wrap", "swap"]
        ),
        st.integers(0, 4000),
        st.integers(0, 4000),
        st.one_of(cell, st.sampled_from(FORMULAS)),
    ),
    min_size=1,
    max_size=6,
)


def mutate(base: int, changes: list[tuple[str, int, int, str]]) -> str:
    """An XForm with these changes made to it, one after the other."""
    root = etree.fromstring(bases()[base % len(bases())].encode())
    for kind, at, other, text in changes:
        nodes = [node for node in root.iter() if isinstance(node.tag, str)]
        with contextlib.suppress(ValueError, TypeError):
            _change(kind, nodes[at % len(nodes)], nodes[other % len(nodes)], other, text)
    return str(etree.tostring(root, encoding="unicode"))


def _change(kind: str, node: etree._Element, other: etree._Element, number: int, text: str) -> None:
    parent = node.getparent()
    if kind == "attribute":
        names = [*node.attrib, "relevant", "calculate", "constraint", "ref", "nodeset", "type"]
        node.set(names[number % len(names)], text.replace("${", "/data/").replace("}", ""))
    elif kind == "unset" and node.attrib:
        del node.attrib[list(node.attrib)[number % len(node.attrib)]]
    elif kind == "text":
        node.text = text
    elif kind == "rename":
        node.tag = etree.QName(etree.QName(node).namespace, text or "x")
    elif kind == "swap":
        node.tag = other.tag
    elif parent is None:
        return
    elif kind == "drop":
        parent.remove(node)
    elif kind == "double":
        node.addnext(copy.deepcopy(node))
    elif node not in other.iterancestors() and node is not other:
        (other.append if kind == "wrap" else other.addprevious)(node)


PATHS = [
    "/data", "/data/a", "/data/m", "/data/n", "/data/r", "/data/r[1]", "/data/r[2]/x",
    "/data/r[1]/k",
    "/data/r[1]/s", "/data/r[1]/s[2]/d", "/data/r[2]/s[1]/o", "/data/t", "/data/v", "/data/g",
    "/data/w", "/data/c", "/data/z", "/data/r[999999999]/x", "/data/r[0]/x", "/data/r[-1]/x", "",
    "/", "//", "/data/a[2]", "/data//a", "/data/meta/instanceID", "/autre", "a", "/data/@id",
    "/data/r[]",
]  # fmt: skip
values = st.one_of(
    st.sampled_from([*TEXTS, *NUMBERS, *PATTERNS, "oui non", "2026-02-30", "43.3 5.4", "7", "500"]),
    letters,
    st.integers(1, 6).map(lambda n: "a" * 10**n),
)
answers = st.lists(
    st.tuples(st.one_of(st.sampled_from(PATHS), letters), values), min_size=1, max_size=8
)

trees = st.recursive(
    st.tuples(st.sampled_from(["a", "m", "n", "x", "k", "d", "meta", "instanceID", "z"]), values),
    lambda inner: st.tuples(
        st.sampled_from(["r", "s", "data", "meta", "a"]), st.lists(inner, max_size=6)
    ),
    max_leaves=30,
)


def instance(tree: object) -> str:
    """An answer of any shape, under the right root."""
    root = etree.Element("data", id="essai")
    pending = [(root, tree)]
    while pending:
        above, (name, content) = pending.pop()  # type: ignore[misc]
        node = etree.SubElement(above, name)
        if isinstance(content, list):
            pending += [(node, inner) for inner in content]
        else:
            with contextlib.suppress(ValueError):
                node.text = content
    return str(etree.tostring(root, encoding="unicode"))
