"""What a form costs: parse it, open an answer, recompute, validate, read a draft again.

Run: python -m bench forms_recompute
The questionnaire is made here: sixty questions, two languages, a cascade over 121 communes, a
counted repeat, calculations. Times are medians of processor time, in milliseconds, on this machine;
what a check may compare is the ratio between two of them, not the milliseconds.
"""

from __future__ import annotations

import io
import statistics
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime

import openpyxl

from restanque.engine.forms import Form, Session, convert_xlsform, parse_form

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
# Everything is recomputed at each request: it must stay below the cost of drawing the page.
BOUND = 1.0
FR, EN = "Français (fr)", "English (en)"
COLUMNS = [
    *("type", "name", f"label::{FR}", f"label::{EN}", "required", "relevant", "constraint"),
    *("calculation", "choice_filter", "repeat_count", "default"),
]


class Sheet:
    """Rows of the survey sheet, written by keyword."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = [COLUMNS]

    def add(self, type_: str, name: str = "", label: str = "", **cells: str) -> None:
        texts = {f"label::{FR}": label, f"label::{EN}": f"EN {label}" if label else ""}
        row = {"type": type_, "name": name, **texts, **cells}
        self.rows.append([row.get(column, "") for column in COLUMNS])


def survey() -> list[list[str]]:
    sheet = Sheet()
    sheet.add("start", "debut")
    sheet.add("begin_group", "identite", "La commune")
    sheet.add("select_one epci", "epci", "Intercommunalité", required="yes")
    sheet.add("select_one commune", "commune", "Commune", choice_filter="epci=${epci}")
    sheet.add("integer", "population", "Population", constraint=". > 0 and . < 900000")
    sheet.add("date", "jour", "Date", constraint=". <= today()", default="today()")
    sheet.add("end_group")
    sheet.add("begin_group", "cantine", "La cantine")
    sheet.add("select_one ouinon", "a_cantine", "Une cantine ?", required="yes")
    sheet.add("integer", "sites", "Sites", relevant="${a_cantine} = 'oui'", constraint=". <= 20")
    sheet.add("begin_repeat", "site", "Site", repeat_count="${sites}")
    sheet.add("text", "site_nom", "Nom", required="yes")
    sheet.add("integer", "site_repas", "Repas par jour", constraint=". >= 0")
    sheet.add("decimal", "site_kg", "Kilos par jour", constraint=". >= 0")
    sheet.add("calculate", "site_g", calculation="${site_kg} * 1000 div ${site_repas}")
    sheet.add("end_repeat")
    sheet.add("calculate", "kg", calculation="sum(${site_kg})")
    sheet.add("select_multiple signe", "signes", "Signes", relevant="${a_cantine} = 'oui'")
    for number in range(8):
        sheet.add(
            "select_one note", f"avis_{number}", f"Avis {number}", relevant=f"${{kg}} > {number}"
        )
        sheet.add("integer", f"dist_{number}", f"Distance {number}", constraint=". <= 100")
    sheet.add("end_group")
    sheet.add("begin_group", "budget", "Le budget")
    for number in range(10):
        sheet.add("decimal", f"depense_{number}", f"Dépense {number}", constraint=". >= 0")
    total = " + ".join(f"coalesce(${{depense_{number}}}, 0)" for number in range(10))
    sheet.add("calculate", "total", calculation=total)
    sheet.add("note", "rappel", "Total : ${total} €, soit ${kg} kg.")
    sheet.add("end_group")
    sheet.add("begin_group", "suite", "La suite")
    for number in range(14):
        sheet.add("select_one note", f"choix_{number}", f"Orientation {number}")
    sheet.add("text", "remarque", "Remarque", constraint="string-length(.) <= 2000")
    sheet.add("select_one ouinon", "rappeler", "Être rappelé ?")
    sheet.add(
        *("text", "telephone", "Téléphone"),
        relevant="${rappeler} = 'oui'",
        constraint="regex(., '^0[1-9]([ .]?[0-9]{2}){4}$')",
        required="yes",
    )
    sheet.add("end_group")
    return sheet.rows


def choices() -> list[list[str]]:
    rows = [["list_name", "name", f"label::{FR}", f"label::{EN}", "epci"]]

    def add(name: str, values: list[str]) -> None:
        rows.extend([name, value, value.capitalize(), f"EN {value}", ""] for value in values)

    add("ouinon", ["oui", "non"])
    add("epci", [f"e{number}" for number in range(7)])
    add("signe", ["bio", "label_rouge", "hve", "lou_pan", "autre"])
    add("note", ["s1", "s2", "s3", "s4"])
    rows += [
        ["commune", f"c{number:03}", f"Commune {number}", f"EN {number}", f"e{number % 7}"]
        for number in range(121)
    ]
    return rows


def workbook() -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    settings = [["form_title", "form_id", "default_language"], ["Banc d’essai", "banc", FR]]
    for name, rows in (("survey", survey()), ("choices", choices()), ("settings", settings)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def answer(form: Form) -> Session:
    session = Session(form, now=NOW)
    texts = {
        "identite/epci": "e3",
        "identite/commune": "c003",
        "identite/population": "4200",
        "cantine/a_cantine": "oui",
        "cantine/sites": "3",
        **{f"cantine/site[{n}]/site_nom": f"École {n}" for n in (1, 2, 3)},
        **{f"cantine/site[{n}]/site_repas": "80" for n in (1, 2, 3)},
        **{f"cantine/site[{n}]/site_kg": "4.5" for n in (1, 2, 3)},
        "cantine/signes": "bio hve",
        **{f"cantine/avis_{n}": "s2" for n in range(8)},
        **{f"budget/depense_{n}": "12.5" for n in range(10)},
        **{f"suite/choix_{n}": "s3" for n in range(14)},
        "suite/rappeler": "oui",
        "suite/telephone": "04 42 00 00 00",
    }
    for path, text in texts.items():
        session.set(f"/data/{path}", text)
    session.recompute()
    return session


def milliseconds(work: Callable[[], object], rounds: int = 200) -> float:
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times) * 1000


def memory(work: Callable[[], object]) -> float:
    """Megabytes that Python keeps for the result (lxml's own memory is not seen)."""
    tracemalloc.start()
    kept = work()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del kept
    return size / 1e6


def main() -> int:
    """1 when recomputing an answer costs more than drawing its longest page."""
    data = workbook()
    conversion = convert_xlsform(data, filename="banc.xlsx")
    xform = conversion.xform or ""
    form = parse_form(xform)
    session = answer(form)
    draft, submission = session.to_xml(prune=False), session.to_xml(prune=True)

    def check() -> None:
        Session(form, now=NOW, instance=submission).validate()

    figures = {
        "convert the workbook": milliseconds(
            lambda: convert_xlsform(data, filename="banc.xlsx"), rounds=5
        ),
        "parse the form": milliseconds(lambda: parse_form(xform), rounds=30),
        "open a new answer": milliseconds(lambda: Session(form, now=NOW)),
        "recompute (empty answer)": milliseconds(Session(form, now=NOW).recompute),
        "recompute (full answer)": milliseconds(session.recompute),
        "validate": milliseconds(session.validate),
        "draw the longest page": milliseconds(lambda: session.visible_items(1)),
        "read a draft again": milliseconds(lambda: Session(form, now=NOW, instance=draft)),
        "check a submission": milliseconds(check),
    }
    print(f"{len(form.questions)} questions, {len(form.binds)} binds")
    for name, figure in figures.items():
        print(f"  {name:28}{figure:9.3f} ms")
    print(f"  {'memory of the parsed form':28}{memory(lambda: parse_form(xform)):9.2f} MB")
    ratio = figures["recompute (full answer)"] / figures["draw the longest page"]
    print(f"  recompute ÷ drawing the page  {ratio:7.2f} (at most {BOUND:.0f})")
    return 1 if ratio > BOUND else 0


if __name__ == "__main__":
    raise SystemExit(main())
