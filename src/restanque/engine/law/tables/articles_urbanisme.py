"""Articles of the code de l'urbanisme."""

from __future__ import annotations

from datetime import date

from restanque.engine.law.model import Article, Code, Evidence
from restanque.engine.law.tables.evidence import read, recalled, said

CODE_LINK = "https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006074075/"
ARTICLE_LINK = "https://www.legifrance.gouv.fr/codes/article_lc/"
REFORM = date(2026, 5, 26)
EVE_OF_REFORM = date(2026, 5, 25)


def _article(
    number: str,
    wording: str,
    evidence: Evidence,
    *,
    version: str = "",
    link: str = CODE_LINK,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Article:
    name = f"urb-{number}" + (f"@{version}" if version else "")
    return Article(name, Code.URBANISME, number, wording, evidence, link, valid_from, valid_to)


ARTICLES = (
    # Concertation, environmental assessment
    _article(
        "L103-2", "La concertation dure pendant toute l’élaboration du projet.", recalled("H")
    ),
    _article(
        "L103-3",
        "L’organe délibérant fixe les objectifs poursuivis et les modalités de la concertation.",
        recalled("H"),
    ),
    _article("L103-4", "Le public accède aux informations et peut s’exprimer.", recalled("H")),
    _article("L103-6", "L’organe délibérant arrête le bilan de la concertation.", recalled("")),
    _article("L104-1", "Le SCoT fait l’objet d’une évaluation environnementale.", recalled("H")),
    _article("R104-7", "Élaboration et révision du SCoT : évaluation systématique.", recalled("H")),
    _article(
        "R104-21",
        "Au 2° : la mission régionale d’autorité environnementale est compétente pour le SCoT.",
        read("", "texte lu, 2°"),
    ),
    _article("R104-23", "L’autorité environnementale est saisie du projet.", recalled("H")),
    _article(
        "R104-25",
        "L’autorité environnementale rend son avis dans les trois mois ; à défaut, elle est "
        "réputée "
        "n’avoir aucune observation.",
        recalled("H"),
    ),
    # Hierarchy of plans
    _article("L131-1", "Normes avec lesquelles le SCoT doit être compatible.", recalled("H")),
    _article("L131-2", "Documents que le SCoT prend en compte.", recalled("H")),
    _article(
        "L131-3",
        "Le porteur du SCoT examine tous les trois ans sa compatibilité avec les normes "
        "supérieures.",
        recalled("H"),
    ),
    _article(
        "L131-4",
        "Le PLU est compatible avec le SCoT, le schéma de mise en valeur de la mer, le plan de "
        "mobilité et le PLH.",
        read("H", "version de 2016", verify=True),
    ),
    _article("L131-5", "Le PLU est compatible avec le PCAET.", recalled("M")),
    _article(
        "L131-6",
        "PLU antérieur au SCoT : mise en compatibilité en un an, ou en trois ans s’il faut une "
        "révision.",
        read("", "legifrance, version de 2016"),
        version="2016",
    ),
    _article(
        "L131-6",
        "Ne contient plus de délai précis de mise en compatibilité.",
        read("H", "juriblio, version 3"),
        version="2021",
        valid_from=date(2021, 4, 1),
    ),
    _article(
        "L131-7",
        "La commune ou l’EPCI analyse la compatibilité du PLU et délibère tous les trois ans, et "
        "dans "
        "l’année qui suit l’entrée en vigueur d’un SCoT.",
        said("M", "adden.fr, weka.fr ; règles de transition contestées", verify=True),
        valid_from=date(2021, 4, 1),
    ),
    _article("L132-2", "Le préfet porte à la connaissance du porteur.", read("M", "via Docurba")),
    _article("L132-4-1", "Note d’enjeux du préfet, sur demande.", read("M", "via Docurba")),
    _article("L132-7", "Personnes publiques associées (première liste).", recalled("H")),
    _article("L132-8", "Personnes publiques associées au SCoT.", recalled("H")),
    _article("L132-9", "Personnes publiques associées au PLU.", recalled("H")),
    # SCoT that stands for a PCAET
    _article(
        "L141-16",
        "Le SCoT tient lieu de PCAET si tous les EPCI ont transféré cette compétence à son "
        "porteur ; "
        "les collectivités tenues au bilan d’émissions sont interrogées ; la délibération dit si "
        "le "
        "porteur suit et évalue aussi le plan.",
        read("H", "juriblio ; alinéas 1 à 3"),
    ),
    _article("L141-17", "Contenu du SCoT valant PCAET.", recalled("M")),
    _article(
        "R141-8",
        "Littoral : le diagnostic décrit l’usage de l’espace terrestre et marin.",
        read("H", "décret 2021-639, texte lu"),
    ),
    _article(
        "R141-9",
        "Le rapport environnemental est annexé.",
        read("H", "décret 2021-639, texte lu"),
    ),
    _article(
        "R141-10",
        "En cas de révision ou de modification, les motifs des changements sont annexés.",
        read("H", "décret 2021-639, texte lu"),
    ),
    _article(
        "R141-11",
        "Contenu du SCoT valant PCAET : stratégie dans le PAS, diagnostic et programme d’actions "
        "en "
        "annexe.",
        read("H", "décret 2021-639, JORFARTI000043523638"),
    ),
    _article(
        "R141-13",
        "SCoT valant PCAET : le préfet de région donne aussi son avis, dans les conditions de "
        "R229-54.",
        read("H", "texte lu"),
    ),
    # Limited urbanisation
    _article("L142-1", "Documents et opérations compatibles avec le SCoT.", recalled("H")),
    _article(
        "L142-4", "Sans SCoT applicable, l’urbanisation est limitée.", read("H", "doctrine.fr")
    ),
    _article("L142-5", "Dérogation accordée par le préfet, après avis.", read("H", "doctrine.fr")),
    _article(
        "R142-2",
        "Avis du porteur du SCoT et de la CDPENAF en deux mois, réputés favorables ; silence du "
        "préfet "
        "pendant quatre mois : accord.",
        read("H", "doctrine.fr"),
    ),
    # SCoT procedure
    _article(
        "R143-3", "Les personnes associées sont consultées à leur demande.", read("H", "2019-06")
    ),
    _article(
        "R143-4",
        "Avis sur le projet arrêté dans les trois mois de la transmission ; à défaut, favorable.",
        read("H", "texte lu"),
    ),
    _article(
        "R143-5",
        "Chambre d’agriculture, INAO, centre national de la propriété forestière : avis dans les "
        "deux "
        "mois, à défaut favorable.",
        read("H", "texte lu"),
    ),
    _article(
        "R143-6",
        "Littoral : accord du préfet maritime avant l’arrêt et avant l’approbation, si le SCoT use "
        "des "
        "articles L141-12 à L141-14.",
        read("H", "lexbase", verify=True),
    ),
    _article("R143-7", "La délibération d’arrêt est affichée un mois.", read("H", "texte lu")),
    _article("R143-14", "Publicité des délibérations : affichage d’un mois.", recalled("M")),
    _article("R143-15", "Publicité : presse et recueil des actes administratifs.", recalled("M")),
    _article("L143-17", "Notification de la prescription aux personnes associées.", recalled("H")),
    _article(
        "L143-18",
        "Débat sur les orientations du PAS au plus tard quatre mois avant l’examen du projet.",
        recalled(
            "H", "de mémoire ; corroboré par scot-vosges-centrales.fr et un porter à connaissance"
        ),
    ),
    _article("L143-20", "Arrêt du projet et soumission pour avis.", read("H", "texte lu")),
    _article(
        "L143-21",
        "Une commune ou un EPCI membre dont les intérêts essentiels sont compromis peut saisir le "
        "préfet.",
        recalled("M"),
    ),
    _article(
        "L143-22",
        "Le projet arrêté est soumis à enquête publique.",
        recalled(""),
        version="avant-2026",
        valid_to=EVE_OF_REFORM,
    ),
    _article(
        "L143-22",
        "Le projet est soumis à enquête publique ou, par décision motivée, à une participation du "
        "public par voie électronique, avec un dossier papier dans les mairies.",
        read("H", "LEGIARTI000052866181"),
        version="2026",
        link=f"{ARTICLE_LINK}LEGIARTI000052866181",
        valid_from=REFORM,
    ),
    _article(
        "L143-23",
        "Approbation, après modifications éventuelles issues des avis, des observations et du "
        "rapport.",
        recalled("H"),
    ),
    _article(
        "L143-24",
        "Le SCoT publié sur le Géoportail de l’urbanisme est exécutoire deux mois après sa "
        "transmission ; publication de repli, puis portail dans les six mois.",
        read("H", "archeo-lex, version du 1er janvier 2023 (ordonnance 2021-1310)"),
        valid_from=date(2023, 1, 1),
    ),
    _article(
        "L143-25",
        "Dans les deux mois, le préfet peut demander des modifications ; le SCoT n’est alors "
        "exécutoire "
        "qu’une fois celles-ci approuvées, publiées et transmises.",
        read("H", "doctrine.fr"),
    ),
    _article(
        "L143-28",
        "Analyse des résultats au plus tard six ans après l’approbation, puis délibération de "
        "maintien "
        "ou de révision ; à défaut, le SCoT est caduc.",
        read("H", "legifrance, version du 16 avril 2024"),
        version="6-ans",
        valid_to=EVE_OF_REFORM,
    ),
    _article(
        "L143-28",
        "Analyse des résultats au plus tard dix ans après l’approbation ; la caducité automatique "
        "a été "
        "supprimée.",
        said(
            "M",
            "atd31.fr, amendements AN 40, CE7, CE32, Docurba 2000 ; texte en vigueur non lu",
            verify=True,
        ),
        version="10-ans",
        valid_from=REFORM,
    ),
    _article(
        "L143-29",
        "Révision pour changer les orientations du PAS, sauf les cas du second alinéa de L143-32.",
        read("H", "LEGIARTI000052866191"),
        version="2026",
        link=f"{ARTICLE_LINK}LEGIARTI000052866191",
        valid_from=REFORM,
    ),
    _article(
        "L143-32",
        "Au second alinéa : certains changements du PAS, par modification.",
        said("", "adden-leblog, clairance-urba"),
        version="2026",
        valid_from=REFORM,
    ),
    # PLU
    _article("L153-16", "Le projet de PLU arrêté est soumis pour avis.", recalled("H")),
    _article("L153-34", "Révision allégée : examen conjoint.", recalled("H")),
    _article("L153-40", "Modification : notification avant la phase publique.", recalled("H")),
    _article("L153-54", "Déclaration de projet : examen conjoint.", recalled("H")),
    _article(
        "R153-4", "Avis sur le PLU arrêté dans les trois mois, à défaut favorable.", recalled("H")
    ),
    _article("R153-13", "Déclaration de projet : examen conjoint.", recalled("H")),
    _article(
        "L153-50",
        "L’État peut imposer une mise en compatibilité : un mois pour répondre, six mois pour "
        "approuver.",
        read("M", "jeu de données louisbrulenaudet/code-urbanisme, L153-49 à L153-51"),
    ),
    # Litigation
    _article(
        "L600-1",
        "Vices de forme ou de procédure invoqués par exception : article abrogé.",
        said("M", "cerasus-avocats.fr ; date d’effet non relevée", verify=True),
    ),
    _article(
        "L600-11",
        "La concertation n’est pas viciée si les modalités fixées ont été respectées.",
        recalled("H"),
    ),
)
