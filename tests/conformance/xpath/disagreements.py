"""Cases of ODK Web Forms that our engine answers otherwise, on purpose, and why.

Numbers are places in the recorded file (whose digest stands in ledger.json). Where ``javarosa``
is true our answer is JavaRosa's: every such case that needs no document was put to JavaRosa
itself (the jar that pyxform ships), in the same time zone, and gave our result.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A reason, whether it is JavaRosa's rule, and the cases it explains."""

    name: str
    javarosa: bool
    reason: str
    cases: tuple[int, ...]


DISAGREEMENTS: tuple[Disagreement, ...] = (
    Disagreement(
        "date-text",
        True,
        "A quoted date is text: as a number it is NaN. Web Forms guesses a date in any "
        "text. (The text of an answer is read as a date by both: an answer has a type.)",
        (
            1631,
            1764,
            1766,
            1839,
            1840,
            1844,
            1846,
            1849,
            1850,
            1852,
            1854,
            1855,
            1856,
            1861,
            1862,
            1885,
            1888,
            1891,
            1892,
            1893,
            1900,
            1948,
            1986,
            1987,
            1993,
            1994,
            2005,
            2006,
            2504,
            2505,
            2506,
            2507,
            2508,
            2509,
            2510,
            2511,
            2512,
            2513,
            2514,
            2515,
            2516,
            2517,
            2518,
        ),
    ),
    Disagreement(
        "whole-days",
        True,
        "A date counts whole local days. Web Forms counts from midnight UTC, so that a date "
        "is worth .29 of a day more in Phoenix.",
        (
            1636,
            1642,
            1643,
            1886,
            1936,
            1937,
            1938,
            1939,
            1940,
            1941,
            1943,
            1944,
            1945,
            1946,
            1947,
            1952,
            2007,
            2008,
        ),
    ),
    Disagreement(
        "date-of-number",
        True,
        "date() of a number is the start of that local day. Web Forms keeps a time, and a "
        "day earlier in Phoenix.",
        (
            1894,
            1905,
            1906,
            1907,
            1908,
            1950,
            1951,
        ),
    ),
    Disagreement(
        "date-equality",
        True,
        "Two dates are equal when their local days are. Web Forms compares instants.",
        (
            1920,
            1921,
            1922,
            1923,
            1924,
            1925,
            1926,
            1927,
            1928,
            1929,
            1962,
            1964,
            1966,
            1968,
            1970,
        ),
    ),
    Disagreement(
        "not-a-date",
        True,
        "date() of what is not a date is an error, of NaN is NaN. Web Forms writes Invalid Date.",
        (
            1875,
            1876,
            1877,
            1878,
            1879,
            1880,
            1881,
            1909,
            1910,
        ),
    ),
    Disagreement(
        "checked-at-compilation",
        False,
        "An unknown function or a wrong number of arguments is refused when the form is "
        "uploaded, even where it would never be reached: the author learns it, not the "
        "respondent.",
        (
            1500,
            1501,
            1502,
            1524,
            1525,
            1526,
            1577,
            1578,
            1579,
            1580,
            1584,
            1586,
            1587,
            2141,
            2142,
            2143,
            2144,
            2145,
            2146,
            2147,
            2148,
            2150,
            2151,
            2152,
            2153,
        ),
    ),
    Disagreement(
        "totals",
        True,
        "sum(), min() and max() pass over what is not a number. Web Forms gives NaN.",
        (
            1271,
            1272,
            2440,
            2445,
            2448,
            2458,
            2464,
            2466,
            2720,
        ),
    ),
    Disagreement(
        "half-up",
        True,
        "Halves go up, towards +∞: -1.5 gives -1. Web Forms takes them away from zero.",
        (
            2632,
            2645,
            2653,
        ),
    ),
    Disagreement(
        "whole-match",
        True,
        "regex() wants the whole value to match. Web Forms searches inside.",
        (2590,),
    ),
    Disagreement(
        "true-in-capitals",
        True,
        "boolean-from-string('True') is true.",
        (1601,),
    ),
    Disagreement(
        "once-nan",
        True,
        "once() keeps NaN. Web Forms makes it empty.",
        (2529,),
    ),
    Disagreement(
        "no-exponent",
        True,
        "A text with an exponent is not a number.",
        (2387,),
    ),
    Disagreement(
        "empty-node-set",
        True,
        "An absent node is an empty text: equal to '', different from anything else. XPath "
        "1.0 says that no comparison with an empty node-set holds.",
        (
            359,
            504,
            505,
            578,
            579,
        ),
    ),
    Disagreement(
        "bare-path",
        True,
        "A path used as a condition is worth its value: unanswered is false. XPath 1.0 says "
        "that a node which exists is true.",
        (
            852,
            2131,
        ),
    ),
    Disagreement(
        "default-namespace",
        True,
        "A name without prefix matches whatever the default namespace, in which forms put "
        "their instances.",
        (
            1029,
            1032,
            1055,
            1056,
            1294,
            1299,
        ),
    ),
    Disagreement(
        "area-projection",
        True,
        "area() projects the polygon flat around its first point. Web Forms integrates on the "
        "sphere: the results differ by one part in ten million for a field, in forty thousand "
        "for a degree.",
        (2069, 2071, 2073, 2075, 2090, 2092, 2094, 2096),
    ),
    Disagreement(
        "distance-rounding",
        True,
        "distance() is not rounded. Web Forms rounds it to the centimetre.",
        (2070, 2072, 2074, 2076, 2078, 2082, 2084, 2091, 2093, 2095, 2097),
    ),
    Disagreement(
        "unreadable-area",
        True,
        "The area of coordinates that cannot be read is an error, not 0.",
        (
            2087,
            2088,
        ),
    ),
    Disagreement(
        "instance-node",
        False,
        "instance('x') is a document above the list, not the element of that name in the "
        "form. JavaRosa does not give it at all without a following step.",
        (
            2363,
            2364,
            2366,
        ),
    ),
    Disagreement(
        "itext-nodes",
        False,
        "jr:itext() gives the text, not the nodes it comes from.",
        (
            2423,
            2424,
            2425,
            2426,
            2427,
            2428,
            2429,
            2430,
            2431,
        ),
    ),
    Disagreement(
        "context-not-recorded",
        False,
        "The recording says that the context is an attribute, not which one.",
        (
            4,
            5,
        ),
    ),
    Disagreement(
        "document-type",
        False,
        "The DOM counts the document type as a node; XPath 1.0 does not.",
        (
            23,
            107,
            131,
            132,
            135,
            137,
            139,
            141,
        ),
    ),
    Disagreement(
        "character-data",
        False,
        "The DOM cuts text at CDATA sections; in XPath 1.0 (and lxml) neighbouring "
        "characters are one text node.",
        (
            25,
            120,
            123,
            125,
            127,
            129,
            1033,
            1034,
            1035,
            1036,
            1037,
        ),
    ),
    Disagreement(
        "namespace-nodes",
        False,
        "The DOM gives namespace declarations as attributes; in XPath 1.0 they are nodes of "
        "their own, among them the one of xml.",
        (1472,),
    ),
)

REASONS: dict[int, str] = {
    case: disagreement.name for disagreement in DISAGREEMENTS for case in disagreement.cases
}
