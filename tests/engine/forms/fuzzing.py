"""What any input may do, however hostile: be answered, or refused in French.

Shared by the tests (a few hundred examples), the corpus (inputs that once went wrong) and
`python -m bench forms_fuzz` (as long as one likes).
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from lxml import etree

from restanque.engine.forms import (
    Form,
    FormError,
    Session,
    convert_xlsform,
    evaluate_answers,
    lint,
    parse_form,
)
from restanque.engine.forms.xpath import (
    Context,
    XPathError,
    compile_expression,
    references,
    single_references,
    to_boolean,
    to_string,
    usages,
)
from tests.engine.forms.samples import CANTEEN, NOW, YES_NO, convert
from tests.engine.forms.xpath.helpers import environment

SECONDS = 5.0
"""Processor time that one input may take, whatever it is."""

QUESTIONNAIRES = Path(__file__).parents[3] / "src/restanque/surveys/questionnaires"

MIXED = """
    type                   | name | label      | relevant       | required | constraint           | calculation         | repeat_count | choice_filter | default | trigger | appearance | parameters
    select_one ouinon      | a    | A          |                | yes      |                      |                     |              |               |         |         |            |
    select_multiple ouinon | m    | M ${a}     | ${a} = 'oui'   |          | count-selected(.)<2  |                     |              |               |         |         | minimal    |
    integer                | n    | N          |                |          | . >= 0 and . < 9     |                     |              |               | 2       |         |            |
    begin_repeat           | r    | R          | ${a} != 'non'  |          |                      |                     | ${n}         |               |         |         |            |
    text                   | x    | X          |                | yes      | regex(., '[a-z]{3}') |                     |              |               |         |         |            |
    decimal                | k    | K          | ${x} != ''     |          |                      |                     |              |               |         |         |            |
    begin_repeat           | s    | S          |                |          |                      |                     |              |               |         |         |            |
    date                   | d    | D          |                |          | . <= today()         |                     |              |               | today() |         |            |
    rank ouinon            | o    | O          |                |          |                      |                     |              |               |         |         |            |
    end_repeat             |      |            |                |          |                      |                     |              |               |         |         |            |
    calculate              | i    |            |                |          |                      | position(..)        |              |               |         |         |            |
    end_repeat             |      |            |                |          |                      |                     |              |               |         |         |            |
    calculate              | t    |            |                |          |                      | sum(${k})           |              |               |         |         |            |
    text                   | v    | V          |                |          |                      | concat(${t}, ${n})  |              |               |         | ${n}    |            |
    geopoint               | g    | G          |                |          |                      |                     |              |               |         |         |            |
    range                  | w    | W          |                |          |                      |                     |              |               |         |         |            | start=0 end=1 step=0.1
    select_one l           | c    | C          |                |          |                      |                     |              | p = ${a}      |         |         |            |
    note                   | z    | ${t} ${v}  | ${c} = '1'     |          |                      |                     |              |               |         |         |            |
"""  # noqa: E501
MIXED_CHOICES = """
    list_name | name | label | p
    ouinon    | oui  | Oui   |
    ouinon    | non  | Non   |
    l         | 1    | Un    | oui
    l         | 2    | Deux  | non
"""


@cache
def bases() -> tuple[str, ...]:
    """XForms to be mutated: made here, and shipped."""
    made = [convert(CANTEEN, YES_NO).xform, convert(MIXED, MIXED_CHOICES).xform]
    shipped = [
        convert_xlsform(path.read_bytes(), filename=path.name).xform
        for path in sorted(QUESTIONNAIRES.glob("*.xlsx"))
    ]
    return tuple(xform for xform in (*made, *shipped) if xform)


@cache
def mixed() -> Form:
    return parse_form(bases()[1])


# ---------------------------------------------------------------- what an input may do
def probe_sheet(data: bytes, filename: str = "essai.xlsx") -> None:
    """A file of any content: converted, judged, and run when nothing forbids it."""
    conversion = convert_xlsform(data, filename=filename)
    problems = lint(conversion)
    refused = any(problem.is_error for problem in problems)
    assert all(problem.message and str(problem) for problem in problems)
    if conversion.xform is None:
        assert refused, "no form, and nothing said"
        return
    with contextlib.nullcontext() if not refused else contextlib.suppress(FormError):
        probe_form(parse_form(conversion.xform))


def probe_xform(xml: str) -> None:
    probe_sheet(xml.encode("utf-8", "replace"), "essai.xml")
    with contextlib.suppress(FormError):
        probe_form(parse_form(xml))


def probe_form(form: Form) -> None:
    """Everything that a page asks of a new answer."""
    session = Session(form, now=NOW)
    for control in form.questions[:40]:
        for text in ("1", "oui", "2026-01-01", ""):
            with contextlib.suppress(FormError):
                session.set(control.path, text)
        with contextlib.suppress(FormError):
            session.choices(control.path)
            session.display(control.path)
    for repeat in form.repeats.values():
        with contextlib.suppress(FormError):
            session.add_repeat(repeat.path)
    show(session)
    draft, submission = session.to_xml(prune=False), session.to_xml(prune=True)
    assert Session(form, now=NOW, instance=draft).to_xml(prune=False) is not None
    Session(form, now=NOW, instance=submission).validate()


def show(session: Session) -> None:
    for page in session.form.pages:
        session.page_title(page)
        for item in session.visible_items(page):
            assert all(inner.path for inner in item.walk())
    session.progress()
    faults = session.validate()
    assert all(fault.message for fault in faults)
    assert len(session.flat()) >= len(session.facts())


def probe_answers(pairs: list[tuple[str, str]]) -> None:
    for pair in pairs:
        with contextlib.suppress(FormError):
            evaluate_answers(mixed(), [pair], now=NOW)
    session = Session(mixed(), now=NOW)
    for path, text in pairs:
        with contextlib.suppress(FormError):
            session.set(path, text)
        with contextlib.suppress(FormError):
            session.add_repeat(path)
        with contextlib.suppress(FormError):
            session.remove_repeat(path)
    show(session)
    etree.fromstring(session.to_xml(prune=True).encode())


def probe_instance(xml: str) -> None:
    with contextlib.suppress(FormError):
        session = Session(mixed(), now=NOW, instance=xml)
        show(session)
        again = Session(mixed(), now=NOW, instance=session.to_xml(prune=False))
        assert again.flat() == session.flat()


def probe_xpath(source: str) -> None:
    world = environment()
    try:
        expression = compile_expression(source)
    except XPathError as error:
        if not error.message:
            raise
        return
    references(expression, ("data", "groupe", "q"))
    single_references(expression, ("data", "groupe", "q"))
    usages(expression)
    assert world.primary is not None
    with contextlib.suppress(XPathError):
        value = expression.evaluate(Context(world.primary.root, world))
        to_boolean(value, world)
        to_string(value, world)


def timed(probe: Callable[..., None], *arguments: object) -> float:
    """Seconds of processor taken; more than `SECONDS` is a finding."""
    start = time.process_time()
    probe(*arguments)
    taken = time.process_time() - start
    assert taken < SECONDS, f"{taken:.1f} s"
    return taken


PROBES: dict[str, Callable[[str], None]] = {
    ".md": lambda text: probe_sheet(text.encode(), "essai.md"),
    ".csv": lambda text: probe_sheet(text.encode(), "essai.csv"),
    ".xform": probe_xform,
    ".xpath": probe_xpath,
    ".instance": probe_instance,
    ".json": lambda text: probe_answers([(path, value) for path, value in json.loads(text)]),
}
"""What a file of the corpus is, by its suffix."""
