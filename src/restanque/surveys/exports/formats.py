"""The formats offered, in one sentence each, and the making of a file."""

from collections.abc import Callable
from dataclasses import dataclass

from restanque.kit.text import safe_file_name
from restanque.surveys.exports import opendata, parquet, rscript, spss, workbook
from restanque.surveys.exports.source import Source

# Beyond this number of answers a file takes longer than one waits for a page.
AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Format:
    """One way to take the answers away. `for_whom` heads the page's groups."""

    code: str
    title: str
    sentence: str
    suffix: str
    for_whom: str
    write: Callable[[Source], bytes]

    @property
    def file(self) -> str:
        """« xlsx », « zip »: what is downloaded."""
        return self.suffix.lstrip(".")


@dataclass(frozen=True, slots=True)
class Made:
    """A file, ready."""

    name: str
    data: bytes


_READ, _STUDY, _PUBLISH = "Lire et trier", "Étudier", "Publier"
FORMATS = {
    one.code: one
    for one in (
        Format(
            "excel",
            "Classeur Excel",
            "Une feuille à libellés, une à codes, une par série, le poids de chaque réponse et le "
            "dictionnaire des questions.",
            ".xlsx",
            _READ,
            workbook.workbook,
        ),
        Format(
            "csv",
            "CSV et dictionnaire",
            "Les mêmes réponses en fichiers texte, qui s’ouvrent partout, avec leur dictionnaire.",
            ".zip",
            _READ,
            workbook.csv_archive,
        ),
        Format(
            "parquet",
            "Parquet",
            "Une table typée, libellés compris, pour Python, R ou DuckDB.",
            ".parquet",
            _STUDY,
            parquet.parquet,
        ),
        Format(
            "spss",
            "SPSS",
            "Un CSV et la syntaxe qui le lit avec libellés, modalités, valeurs manquantes et "
            "poids\u00a0; PSPP, gratuit, la lit aussi.",
            ".zip",
            _STUDY,
            spss.archive,
        ),
        Format(
            "r",
            "R",
            "Les données, nos chiffres pondérés, et le script qui les refait avec le paquet "
            "«\u00a0survey\u00a0» pour qu’un statisticien vérifie.",
            ".zip",
            _STUDY,
            rscript.archive,
        ),
        Format(
            "ouvertes",
            "Données ouvertes",
            "Les chiffres des questions fermées, sans nom, prix, fournisseur ni texte, et rien "
            "sous cinq réponses\u00a0: à relire, puis à publier sous la licence de votre choix.",
            ".zip",
            _PUBLISH,
            opendata.archive,
        ),
    )
}


def make(code: str, source: Source) -> Made:
    """The file of a format. KeyError when there is none of this code."""
    chosen = FORMATS[code]
    mark = "-donnees-fictives" if source.fictitious else ""
    name = f"reponses-{chosen.code}-{safe_file_name(source.campaign.name)}{mark}{chosen.suffix}"
    return Made(name, chosen.write(source))
