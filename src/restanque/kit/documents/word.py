"""Word documents from a template written in Word, its fields between double braces."""

import io
import zipfile
from pathlib import Path
from typing import Any

import jinja2
from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from restanque.kit.text import format_date, format_number, format_percent


class DocumentError(ValueError):
    """The template cannot be filled; the message (French) says which field is at fault."""


def _environment() -> SandboxedEnvironment:
    """Jinja for templates that a team may bring: sandboxed, strict on unknown fields, escaped."""
    # docxtpl hands XML to Jinja: escaping keeps « & » and « < » of values out of the markup.
    environment = SandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined)
    environment.filters["nombre"] = format_number
    environment.filters["part"] = format_percent
    environment.filters["jour"] = format_date
    return environment


def render_docx(template: str | Path | bytes, context: dict[str, Any]) -> bytes:
    """Fill a Word template. Filters in the template: `nombre`, `part`, `jour`.

    Raises DocumentError when the template names a field that is not in the context, or does not
    read as a Word file.
    """
    source = io.BytesIO(template) if isinstance(template, bytes) else str(template)
    out = io.BytesIO()
    try:
        document = DocxTemplate(source)
        document.render(context, jinja_env=_environment(), autoescape=True)
        document.save(out)
    except jinja2.UndefinedError as error:
        raise DocumentError(
            f"Le modèle Word utilise un champ inconnu : {error.message}."
        ) from error
    except jinja2.TemplateSyntaxError as error:
        raise DocumentError(
            f"Le modèle Word contient une balise mal écrite : {error.message}."
        ) from error
    except jinja2.exceptions.SecurityError as error:
        raise DocumentError("Le modèle Word contient une expression interdite.") from error
    except (zipfile.BadZipFile, ValueError, KeyError, OSError) as error:
        raise DocumentError("Le modèle n’est pas un fichier Word (.docx) lisible.") from error
    return out.getvalue()
