"""Articles of the other codes, laws and judgments."""

from __future__ import annotations

from datetime import date

from restanque.engine.law.model import Article, Code, Evidence
from restanque.engine.law.tables.evidence import read, recalled, said

_PUBLISHED = "https://www.legifrance.gouv.fr/codes/texte_lc/"
_LAW_LINK = "https://www.legifrance.gouv.fr/"
_CODES = {
    Code.ENVIRONNEMENT: ("env", f"{_PUBLISHED}LEGITEXT000006074220/"),
    Code.CGCT: ("cgct", f"{_PUBLISHED}LEGITEXT000006070633/"),
    Code.CCH: ("cch", f"{_PUBLISHED}LEGITEXT000006074096/"),
    Code.TRANSPORTS: ("transports", f"{_PUBLISHED}LEGITEXT000023086525/"),
    Code.COMMERCE: ("commerce", f"{_PUBLISHED}LEGITEXT000005634379/"),
    Code.RURAL: ("crpm", f"{_PUBLISHED}LEGITEXT000006071367/"),
    Code.CJA: ("cja", f"{_PUBLISHED}LEGITEXT000006070933/"),
}
ENV, CGCT, CCH = Code.ENVIRONNEMENT, Code.CGCT, Code.CCH


def _article(code: Code, number: str, wording: str, evidence: Evidence) -> Article:
    prefix, link = _CODES[code]
    return Article(f"{prefix}-{number}", code, number.partition("@")[0], wording, evidence, link)


def _text(
    name: str, title: str, wording: str, evidence: Evidence, *, since: date | None = None
) -> Article:
    return Article(name, Code.LOI, title, wording, evidence, _LAW_LINK, since)


def _judgment(name: str, title: str, wording: str, evidence: Evidence) -> Article:
    return Article(name, Code.JURISPRUDENCE, title, wording, evidence, _LAW_LINK)


ARTICLES = (
    # Public inquiry and electronic participation
    _article(
        ENV,
        "R123-5",
        "Le tribunal désigne le commissaire enquêteur en quinze jours.",
        recalled("H"),
    ),
    _article(
        ENV, "L123-9", "L’enquête dure au moins trente jours (avec évaluation).", recalled("H")
    ),
    _article(ENV, "R123-9", "Contenu de l’arrêté d’ouverture de l’enquête.", recalled("H")),
    _article(
        ENV,
        "R123-11",
        "Avis d’enquête publié quinze jours au moins avant l’ouverture, et rappelé dans les huit "
        "premiers jours.",
        recalled("H"),
    ),
    _article(
        ENV,
        "R123-18",
        "Procès-verbal de synthèse dans les huit jours, réponse du porteur dans les quinze jours.",
        recalled("H"),
    ),
    _article(ENV, "R123-19", "Rapport et conclusions dans les trente jours.", recalled("H")),
    _article(
        ENV,
        "L123-19",
        "Participation par voie électronique : trente jours au moins, avis quinze jours avant.",
        recalled("H"),
    ),
    # Climate plan
    _article(
        ENV,
        "L229-25",
        "Collectivités tenues à un bilan d’émissions.",
        recalled("", "cité par L141-16, lu ; texte non lu"),
    ),
    _article(ENV, "L229-26", "Les EPCI concernés adoptent un PCAET.", recalled("")),
    _article(
        ENV,
        "R229-51",
        "Au IV : un rapport sur le PCAET après trois ans, rendu public.",
        said("H", "arec-idf.fr citant le décret 2016-849"),
    ),
    _article(
        ENV,
        "R229-53",
        "Le porteur informe l’État, la région, le département, les maires et les organismes "
        "consulaires "
        "des modalités ; la région et le préfet répondent dans les deux mois.",
        read("H", "juriblio"),
    ),
    _article(
        ENV,
        "R229-54",
        "Avis du préfet de région sur le projet de PCAET ; silence favorable. Deux mois de "
        "mémoire ; "
        "Territoires en Transitions compte trois mois.",
        recalled("M", "de mémoire ; contredit par Territoires en Transitions (trois mois)"),
    ),
    _article(ENV, "R229-55", "Le PCAET est mis à jour tous les six ans.", read("H", "texte lu")),
    _article(ENV, "L333-1", "Charte de parc naturel régional.", recalled("M")),
    _article(ENV, "L515-3", "Schéma régional des carrières.", recalled("L")),
    # Assemblies
    _article(
        CGCT,
        "L2121-12",
        "Convocation cinq jours francs avant, avec une note de synthèse.",
        recalled("H"),
    ),
    _article(
        CGCT, "L2121-17", "Quorum : majorité des membres en exercice, présents.", recalled("H")
    ),
    _article(
        CGCT,
        "L2121-20",
        "Un membre empêché donne pouvoir écrit à un collègue, qui n’en porte qu’un ; majorité "
        "absolue des suffrages exprimés ; en cas de partage, la voix du président est "
        "prépondérante, sauf scrutin secret.",
        recalled("H"),
    ),
    _article(
        CGCT,
        "L2131-1",
        "L’acte est exécutoire dès sa publication et sa transmission au représentant de l’État.",
        recalled("H"),
    ),
    _article(
        CGCT,
        "L5211-3",
        "Contrôle de légalité : règles des communes étendues aux EPCI.",
        recalled("H"),
    ),
    _article(CGCT, "L5211-1", "Règles du conseil municipal étendues aux EPCI.", recalled("")),
    _article(CGCT, "L5211-10", "Délégations au bureau et au président.", recalled("H")),
    _article(
        CGCT, "L5711-1", "Règles des EPCI étendues aux syndicats mixtes fermés.", recalled("")
    ),
    _article(CGCT, "L5741-1", "Le PETR suit les règles des syndicats mixtes fermés.", recalled("")),
    _article(CGCT, "L4251-5", "SRADDET : consultation sur le projet.", recalled("M")),
    _article(CGCT, "L4251-6", "SRADDET : avis en trois mois.", recalled("M")),
    # Other plans
    _article(CCH, "L302-2", "PLH : consultation sur le projet arrêté.", recalled("H")),
    _article(CCH, "R302-9", "PLH : avis en deux mois, à défaut favorable.", recalled("H")),
    _article(
        CCH,
        "L302-2@crhh",
        "PLH : avis du comité régional de l’habitat en deux mois, puis un mois pour le préfet.",
        said("", "123dok ; article exact non relevé", verify=True),
    ),
    _article(Code.TRANSPORTS, "L1214-15", "Plan de mobilité : avis en trois mois.", recalled("M")),
    _article(Code.COMMERCE, "L751-2", "Composition de la CDAC.", recalled("H")),
    _article(Code.COMMERCE, "L752-4", "Saisine facultative de 300 à 1 000 m².", recalled("H")),
    _article(Code.COMMERCE, "L752-6", "Compatibilité avec le DOO.", recalled("H")),
    _article(Code.COMMERCE, "L752-14", "CDAC : deux mois, silence favorable.", recalled("H")),
    _article(Code.COMMERCE, "L752-17", "Recours devant la CNAC en un mois.", recalled("H")),
    _article(
        Code.RURAL,
        "L112-3",
        "Avis agricoles et forestiers préalables à l’approbation d’un document qui réduit ces "
        "espaces.",
        read("H", "texte lu"),
    ),
    _article(Code.CJA, "R421-1", "Recours dans les deux mois.", recalled("H")),
    # Laws
    _text(
        "loi-2025-1129",
        "loi n° 2025-1129 du 26 novembre 2025, art. 1er, VI",
        "Nouvelles procédures de SCoT et de PLU à compter du 26 mai 2026 ; les procédures en cours "
        "s’achèvent sous les anciennes règles.",
        said("H", "efl.fr 2025-12-04, atd31.fr, adden-leblog.com"),
        since=date(2026, 5, 26),
    ),
    _text(
        "ord-2020-745",
        "ordonnance n° 2020-745",
        "Nouvelle hiérarchie des documents, pour ceux engagés à compter du 1er avril 2021.",
        said("M", "adden.fr ; transition contestée", verify=True),
        since=date(2021, 4, 1),
    ),
    _text(
        "loi-2021-1104-194",
        "loi n° 2021-1104, art. 194, modifiée par la loi n° 2023-630",
        "Dates auxquelles SRADDET, SCoT et PLU intègrent la trajectoire de sobriété foncière.",
        said("H", "philippebonnecarrere.fr 2024-04, sparte 2026-04", verify=True),
    ),
    # Judgments and answers
    _judgment(
        "ce-1955-mignaloux",
        "CE 12 juillet 1955, Mignaloux-Beauvoir",
        "Samedis, dimanches et jours fériés comptent dans les jours francs.",
        said("H", "citée par QSN249929"),
    ),
    _judgment(
        "ce-1989-convocation",
        "CE, convocation du 21 décembre pour le 26 décembre 1989",
        "Les jours fériés ne prolongent pas les jours francs.",
        said("H", "citée par QSN249929"),
    ),
    _judgment(
        "ce-1997-pfister",
        "CE 16 juin 1997, Pfister, n° 142691",
        "Trois jours francs avant la séance tenue sur seconde convocation.",
        said("H", "décision citée"),
    ),
    _judgment(
        "ce-2015-383072",
        "CE 22 juillet 2015, n° 383072",
        "La règle de convocation vaut pour les EPCI.",
        said("H", "décision citée"),
    ),
    _judgment(
        "qe-an-10-4519",
        "question écrite AN 10-4519",
        "Cinq jours francs dès qu’une commune membre atteint 3 500 habitants.",
        said("H", "réponse ministérielle citée"),
    ),
    _judgment(
        "ce-2017-saint-bon",
        "CE 5 mai 2017, Saint-Bon-Tarentaise, n° 388902",
        "L’insuffisance des modalités de concertation n’est pas invocable contre l’approbation.",
        recalled("M"),
    ),
)
