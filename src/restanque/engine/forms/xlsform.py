"""From an Excel questionnaire (XLSForm) to an XForm, with French findings.

pyxform does the conversion. It replaces typographic quotes by straight ones everywhere, so those
of people's texts are put out of its reach and restored in the XForm.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from pyxform.builder import create_survey_element_from_dict
from pyxform.utils import external_choices_to_csv, has_external_choices
from pyxform.xls2json import workbook_to_json
from pyxform.xls2json_backends import DefinitionData, get_xlsform

from restanque.engine.forms.conversion import (
    Conversion,
    Sheet,
    SheetRow,
    canonical_column,
    column_language,
)
from restanque.engine.forms.errors import FormError, Problem
from restanque.engine.forms.messages import error_problem, warning_problem
from restanque.engine.forms.model import Form
from restanque.engine.forms.parse import read_form

EXTENSIONS = (".xlsx", ".xlsm", ".xls", ".csv", ".md", ".xml")
MAX_FILE_BYTES = 10_000_000
MAX_UNZIPPED_BYTES = 150_000_000
MAX_ROWS = 60_000

_SHEETS = ("survey", "choices", "settings", "external_choices", "entities", "osm")
_TEXT_COLUMNS = {
    "label",
    "hint",
    "guidance_hint",
    "constraint_message",
    "required_message",
    "form_title",
}
_PROTECTED = {"‘": "\ue018", "’": "\ue019", "“": "\ue01c", "”": "\ue01d", "\u00a0": "\ue0a0"}
_PROTECT = str.maketrans(_PROTECTED)
_RESTORE = str.maketrans({mark: text for text, mark in _PROTECTED.items()})
_BEFORE_SIGN = re.compile(r"(?<=\S) (?=[?!:;»])")
_AFTER_OPENING = re.compile(r"« ")


def convert_xlsform(data: bytes, *, filename: str) -> Conversion:
    """Read and convert a questionnaire. Never raises for a bad file: see `.problems`."""
    extension = PurePosixPath(filename.replace("\\", "/")).suffix.lower()
    refusal = _refusal(data, extension)
    if refusal is not None:
        return Conversion(filename, problems=(refusal,), readable=False)
    if extension == ".xml":
        return _from_xform(data, filename)
    if extension == ".csv":
        data = _standard_csv(data)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of drawings and validations that it does not keep.
            warnings.simplefilter("ignore")
            workbook = get_xlsform(data, file_type=extension)
    except Exception as error:
        return _unreadable(filename, extension, error)
    if not workbook.survey and not workbook.survey_header:
        return Conversion(
            filename,
            problems=(_no_survey(workbook),),
            readable=False,
        )
    return _convert(workbook, filename)


def _refusal(data: bytes, extension: str) -> Problem | None:
    if extension == ".ods":
        return Problem(
            "error",
            "Le format .ods (LibreOffice) n’est pas lu.",
            "Dans LibreOffice : Fichier, Enregistrer sous, type « Excel 2007-365 (.xlsx) ».",
            code="file-ods",
        )
    if extension not in EXTENSIONS:
        return Problem(
            "error",
            f"Le format « {extension or 'sans extension'} » n’est pas celui d’un questionnaire.",
            "Envoyez un fichier .xlsx, .xlsm, .xls, .csv ou .md.",
            code="file-format",
        )
    if len(data) > MAX_FILE_BYTES or _unzipped_size(data, extension) > MAX_UNZIPPED_BYTES:
        return Problem(
            "error",
            f"Le fichier est trop volumineux (au plus {MAX_FILE_BYTES // 1_000_000} Mo).",
            "Mettez les longues listes dans un fichier CSV joint (select_one_from_file).",
            code="file-size",
        )
    return None


def _unzipped_size(data: bytes, extension: str) -> int:
    """What a workbook would weigh once unzipped, as its directory says; 0 when it is no zip."""
    if extension not in (".xlsx", ".xlsm"):
        return 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError):
        return 0


def _unreadable(filename: str, extension: str, error: Exception) -> Conversion:
    text = str(error)
    if "Duplicate column header" in text:
        return Conversion(filename, problems=(error_problem(error),))
    return Conversion(
        filename,
        problems=(
            Problem(
                "error",
                f"Ce fichier n’est pas un questionnaire {extension} lisible.",
                "Ouvrez-le dans votre tableur, enregistrez-le au format .xlsx et recommencez.",
                code="file-unreadable",
            ),
        ),
        readable=False,
    )


def _no_survey(workbook: DefinitionData) -> Problem:
    names = ", ".join(f"« {name} »" for name in workbook.sheet_names or ())
    return Problem(
        "error",
        f"Aucune feuille ne s’appelle « survey » (feuilles trouvées : {names or 'aucune'}).",
        "Donnez le nom « survey » à la feuille des questions.",
        code="sheet-survey",
    )


def _standard_csv(data: bytes) -> bytes:
    """A CSV as pyxform reads it: UTF-8 and commas, whatever the spreadsheet wrote."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    head = text[:5000]
    if head.count(";") > head.count(","):
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
        except csv.Error:
            return text.encode()
        out = io.StringIO(newline="")
        csv.writer(out).writerows(rows)
        text = out.getvalue()
    return text.encode()


def _convert(workbook: DefinitionData, filename: str) -> Conversion:
    sheets = _sheets(workbook)
    settings = _settings(sheets)
    partial: dict[str, Any] = {
        "filename": filename,
        "sheets": sheets,
        "form_id": settings.get("form_id", ""),
        "title": settings.get("form_title", ""),
        "version": settings.get("version", ""),
        "default_language": settings.get("default_language", ""),
        "root_name": settings.get("name", "data"),
    }
    _protect(workbook, settings.get("default_language", ""))
    notes: list[str] = []
    try:
        tree = workbook_to_json(
            workbook_dict=workbook,
            fallback_form_name=re.sub(r"[^\w.\-]+", "_", PurePosixPath(filename).stem) or None,
            warnings=notes,
        )
        itemsets = (
            external_choices_to_csv(workbook_dict=workbook) if has_external_choices(tree) else None
        )
        _say_other_in_french(tree, settings.get("default_language", ""))
        survey = create_survey_element_from_dict(tree)
        xform = survey.to_xml(validate=False, pretty_print=False, warnings=notes)
    except Exception as error:
        problems = (_restored(error_problem(error)), *_warnings(notes))
        return Conversion(**partial, problems=problems)
    return _finish(partial, str(xform).translate(_RESTORE), itemsets, notes)


_OTHER = {"Other": "Autre", "Specify other.": "Précisez"}


def _say_other_in_french(node: Any, language: str) -> None:
    """The converter writes the words of `or_other` in English, whatever the form's language."""
    if isinstance(node, list):
        for rank, child in enumerate(node):
            # The converter's own choice is shared by every form: never changed in place.
            node[rank] = child = dict(child) if isinstance(child, dict) else child
            _say_other_in_french(child, language)
    elif isinstance(node, dict):
        is_other = node.get("name") == "other" or str(node.get("name", "")).endswith("_other")
        label = node.get("label")
        if is_other and isinstance(label, dict):
            node["label"] = {name: _other(text, name) for name, text in label.items()}
        elif is_other and isinstance(label, str):
            node["label"] = _other(label, language)
        for key in ("children", "choices"):
            inner = node.get(key)
            for child in inner.values() if isinstance(inner, dict) else (inner,):
                _say_other_in_french(child, language)


def _other(text: str, language: str) -> str:
    spoken = language.strip().lower()
    french = spoken in ("", "default") or "fr" in re.findall(r"[a-zà-ÿ]+", spoken)
    french = french or spoken.startswith(("fran", "fre"))
    return _OTHER.get(text, text) if french else text


def _finish(
    partial: dict[str, Any], xform: str, itemsets: str | None, notes: list[str]
) -> Conversion:
    problems = _warnings(notes)
    try:
        form, _ = read_form(xform)
    except FormError as error:
        unreadable = Problem("error", str(error), code="xform-unreadable")
        return Conversion(**partial, problems=(*problems, unreadable))
    return Conversion(
        **{**partial, **_identity(form)}, xform=xform, itemsets=itemsets, problems=problems
    )


def _identity(form: Form) -> dict[str, Any]:
    return {
        "form_id": form.form_id,
        "title": form.title,
        "version": form.version,
        "default_language": form.default_language,
        "languages": form.languages,
        "root_name": form.paths[0][0],
        "media": form.media_names,
    }


def _from_xform(data: bytes, filename: str) -> Conversion:
    """A ready XForm: nothing to convert, no row to name."""
    try:
        form, _ = read_form(data)
        text = data.decode("utf-8-sig")
    except FormError as error:
        problem = Problem("error", str(error), code="xform-unreadable")
        return Conversion(filename, problems=(problem,), readable=False)
    except UnicodeDecodeError:
        problem = Problem(
            "error",
            "Ce XForm n’est pas encodé en UTF-8.",
            "Enregistrez-le en UTF-8.",
            code="xform-encoding",
        )
        return Conversion(filename, problems=(problem,), readable=False)
    return Conversion(filename, xform=text, **_identity(form))


def _warnings(notes: list[str]) -> tuple[Problem, ...]:
    found = [warning_problem(note) for note in notes]
    return tuple(_restored(problem) for problem in found if problem is not None)


def _restored(problem: Problem) -> Problem:
    return Problem(
        problem.severity,
        problem.message.translate(_RESTORE),
        problem.mend,
        problem.sheet,
        problem.row,
        problem.column,
        problem.code,
    )


def _sheets(workbook: DefinitionData) -> dict[str, Sheet]:
    """The rows as written, before pyxform changes them."""
    sheets = {}
    for name in _SHEETS:
        rows = getattr(workbook, name) or []
        headers = getattr(workbook, f"{name}_header") or []
        if not rows and not headers:
            continue
        columns = tuple(headers[0]) if headers else ()
        sheets[name] = Sheet(
            name,
            tuple(str(column) for column in columns if column is not None),
            tuple(
                SheetRow(number, {str(k): str(v) for k, v in row.items() if v is not None})
                for number, row in enumerate(rows[:MAX_ROWS], 2)
            ),
        )
    return sheets


def _settings(sheets: Mapping[str, Sheet]) -> dict[str, str]:
    sheet = sheets.get("settings")
    if sheet is None or not sheet.rows:
        return {}
    return {canonical_column(k): v.strip() for k, v in sheet.rows[0].cells.items() if v.strip()}


def _protect(workbook: DefinitionData, default_language: str) -> None:
    """Put typographic signs of texts out of pyxform's reach; French spaces before « ? » kept."""
    for name in ("survey", "choices", "settings"):
        for row in getattr(workbook, name) or ():
            for header, text in row.items():
                if isinstance(text, str) and canonical_column(str(header)) in _TEXT_COLUMNS:
                    language = column_language(str(header)) or default_language
                    row[header] = _french(text, language).translate(_PROTECT)


def _french(text: str, language: str) -> str:
    """No-break spaces where French wants them (spreadsheets and pyxform drop them)."""
    lowered = language.lower()
    if not (lowered.startswith("fr") or "(fr" in lowered):
        return text
    return _AFTER_OPENING.sub("«\u00a0", _BEFORE_SIGN.sub("\u00a0", text))
