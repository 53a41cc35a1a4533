"""Files that leave the house: Word, PDF, Excel, CSV, all labelled and, when it is so, marked
« Données fictives ».
"""

from restanque.kit.documents.pdf import PdfError, render_pdf
from restanque.kit.documents.response import file_response
from restanque.kit.documents.slides import Deck
from restanque.kit.documents.tables import FICTITIOUS, Sheet, csv_bytes, xlsx_bytes
from restanque.kit.documents.word import DocumentError, render_docx
from restanque.kit.documents.writer import WordWriter, check_template, default_template

__all__ = [
    "FICTITIOUS",
    "Deck",
    "DocumentError",
    "PdfError",
    "Sheet",
    "WordWriter",
    "check_template",
    "csv_bytes",
    "default_template",
    "file_response",
    "render_docx",
    "render_pdf",
    "xlsx_bytes",
]
