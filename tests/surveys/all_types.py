"""A questionnaire with every type of question that the web asks, and the files it wants."""

# ruff: noqa: E501 (the columns of a sheet stay aligned)

ALL_TYPES = """
| survey |
|  | type | name | label | hint | guidance_hint | required | appearance | parameters | media::image | choice_filter | calculation | relevant | bind::rq:fact |
|  | start | debut | | | | | | | | | | | |
|  | audit | audit | | | | | | | | | | | |
|  | begin_group | textes | Textes et **nombres** | | | | | | | | | | |
|  | note | accueil | # Merci de **votre temps** | Un mot de plus | | | | | plan.png | | | | |
|  | text | court | Nom du *fournil* | Voir [la notice](https://example.org/notice) | Les noms d’usage sont acceptés. | yes | | | four.png | | | | |
|  | text | long | Vos remarques | | | | multiline | | | | | | |
|  | integer | repas | Repas par jour | | | | | | | | | | |
|  | decimal | kilos | Kilos par jour | | | | | | | | | | need.kg_per_day |
|  | range | note | Satisfaction | | | | | start=1 end=5 step=1 | | | | | |
|  | range | part | Part de bio | | | | | start=0 end=100 step=1 | | | | | |
|  | range | rang | Priorité | | | | picker | start=1 end=4 step=1 | | | | | |
|  | hidden | cache | | | | | | | | | 'pat' | | |
|  | calculate | double | | | | | | | | | ${repas} * 2 | | |
|  | note | total | Soit ${double} repas par jour | | | | | | | | | ${repas} != '' | |
|  | barcode | code | Code du lot | | | | | | | | | | |
|  | end_group | | | | | | | | | | | | |
|  | begin_group | choix | Choix | | | | | | | | | | |
|  | select_one avis | avis | Votre avis | | | | likert | | | | | | |
|  | select_one pains or_other | pain | Quel pain ? | | | | | | | | | | |
|  | select_multiple pains | pains | Quels pains ? | | | | columns | | | | | | |
|  | select_one avis | menu | Dans une liste | | | | minimal | | | | | | |
|  | select_one_from_file communes.csv | commune | Quelle commune ? | | | | | | | | | | |
|  | calculate | epci | | | | | | | | | pulldata('communes', 'epci', 'name', ${commune}) | | |
|  | note | dit | EPCI : ${epci} | | | | | | | | | ${commune} != '' | |
|  | rank pains | ordre | Rangez ces pains | | | | | | | | | | |
|  | acknowledge | accord | J’ai **bien** lu | | | | | | | | | | |
|  | end_group | | | | | | | | | | | | |
|  | begin_group | moments | Dates et lieux | | | | | | | | | | |
|  | date | jour | Fin du contrat | | | | | | | | | | |
|  | date | mois | Mois du marché | | | | month-year | | | | | | |
|  | date | annee | Année d’ouverture | | | | year | | | | | | |
|  | time | heure | Heure de livraison | | | | | | | | | | |
|  | dateTime | visite | Prochaine visite | | | | | | | | | | |
|  | geopoint | lieu | Où est le four ? | | | | | | | | | | |
|  | geotrace | tournee | La tournée | | | | | | | | | | |
|  | geoshape | parcelle | La parcelle | | | | | | | | | | |
|  | end_group | | | | | | | | | | | | |
|  | begin_group | fichiers | Fichiers | | | | | | | | | | |
|  | image | photo | Une photo | | | | | | | | | | |
|  | file | facture | Une facture | | | | | | | | | | |
|  | audio | son | Un son | | | | | | | | | | |
|  | video | film | Un film | | | | | | | | | | |
|  | end_group | | | | | | | | | | | | |
| choices |
|  | list_name | name | label | media::image |
|  | avis | non | Pas d’accord | |
|  | avis | bof | Sans avis | |
|  | avis | oui | D’accord | |
|  | pains | courant | Pain **courant** | four.png |
|  | pains | complet | Pain complet | |
|  | pains | levain | Pain au levain | |
| settings |
|  | form_title | form_id | version | namespaces |
|  | Tous les types | tous | 1 | rq="https://restanque.org/xforms" |
"""
COMMUNES_CSV = (
    b"name,label,epci\n13004,Arles,ACCM\n13036,Eyragues,Terre de Provence\n13108,Tarascon,ACCM\n"
)
# The smallest picture: one grey pixel.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63680000008200815c5e6c7f0000000049454e44ae426082"
)
