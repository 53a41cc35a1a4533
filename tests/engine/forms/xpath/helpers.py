"""Short ways to evaluate, for the tests of this package."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from restanque.engine.forms.xpath import (
    Context,
    Document,
    Environment,
    Node,
    Value,
    compile_expression,
    string_value,
)

PARIS = ZoneInfo("Europe/Paris")
#: Half past midnight on 25 July in Paris, still the 24th in UTC.
NOW = datetime(2026, 7, 24, 22, 30, tzinfo=UTC)

FORM = """<data id="f" version="7">
<nom>Aix</nom><vide/><nombre>5</nombre><zero>0</zero><jour>2026-01-31</jour>
<instant>2026-01-31T10:20:30.000+01:00</instant><choix>a b c</choix><texte>05</texte>
<achat><prix>1</prix><qui>x</qui></achat><achat><prix>2</prix><qui>y</qui></achat>
<achat><prix/><qui/></achat>
<meta xmlns="http://openrosa.org/xforms"><instanceID>uuid:1</instanceID></meta>
</data>"""

LIST = """<root>
<item><name>a</name><label>Un</label><rang>1</rang><zone>n</zone></item>
<item><name>b</name><label>Deux</label><rang>2</rang><zone>s</zone></item>
<item><name>c</name><label>Trois</label><rang>10</rang><zone>s</zone></item>
</root>"""


def environment(xml: str = FORM, **changes: Any) -> Environment:
    given: dict[str, Any] = {
        "now": NOW,
        "timezone": PARIS,
        "primary": Document(etree.fromstring(xml)),
        "instances": {"liste": Document(etree.fromstring(LIST))},
        "random": Random(1),
    }
    return Environment(**given | changes)


def nodes(source: str, world: Environment) -> list[Node]:
    found = evaluate(source, world=world)
    assert isinstance(found, list)
    return found


def evaluate(
    source: str, *, at: str | None = None, world: Environment | None = None, **changes: Any
) -> Value:
    """The value of ``source`` read from the node at the path ``at``, the root without it."""
    world = world or environment(**changes)
    assert world.primary is not None
    node: Node = world.primary.root
    if at is not None:
        (node,) = nodes(at, world)
    return compile_expression(source).evaluate(Context(node, world))


def texts(source: str, **options: Any) -> list[str]:
    """The string-values of the nodes that ``source`` selects."""
    found = evaluate(source, **options)
    assert isinstance(found, list)
    return [string_value(node) for node in found]
