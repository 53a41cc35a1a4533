"""A short questionnaire with every kind of question, as a text XLSForm."""

# ruff: noqa: E501 (the columns of a sheet stay aligned)

SURVEY = """
| survey |
|        | type                | name        | label                      | required | relevant              | constraint        | constraint_message | calculation   | choice_filter | appearance | bind::rq:fact | readonly |
|        | begin_group         | cantine     | Votre cantine              |          |                       |                   |                    |               |               |            |               |          |
|        | note                | bonjour     | Merci de votre temps       |          |                       |                   |                    |               |               |            |               |          |
|        | select_one ouinon   | a_cantine   | Avez-vous une cantine ?    | yes      |                       |                   |                    |               |               |            | canteen.has_canteen |    |
|        | integer             | repas       | Repas par jour             | yes      | ${a_cantine} = 'oui'  | . > 0 and . < 5000 | Entre 1 et 4 999. |               |               |            | need.meals_per_day |     |
|        | select_multiple services | publics | Publics servis            |          | ${a_cantine} = 'oui'  |                   |                    |               |               |            | canteen.sector |        |
|        | calculate           | double      |                            |          |                       |                   |                    | ${repas} * 2  |               |            |               |          |
|        | end_group           |             |                            |          |                       |                   |                    |               |               |            |               |          |
|        | begin_group         | pain        | Le pain                    |          | ${a_cantine} = 'oui'  |                   |                    |               |               |            |               |          |
|        | decimal             | kg          | Kilos par jour             | yes      |                       |                   |                    |               |               |            | need.kg_per_day |       |
|        | date                | fin         | Fin du contrat             |          |                       |                   |                    |               |               |            | need.contract_end |     |
|        | time                | heure       | Heure de livraison         |          |                       |                   |                    |               |               |            |               |          |
|        | text                | code        | Code de la commune         |          |                       |                   |                    |               |               |            |               | yes      |
|        | file                | facture     | Une facture                |          |                       |                   |                    |               |               |            |               |          |
|        | rank signes         | ordre       | Classez ces critères       |          |                       |                   |                    |               |               |            |               |          |
|        | begin_repeat        | four        | Fournisseur                |          |                       |                   |                    |               |               |            |               |          |
|        | text                | nom         | Nom du fournisseur         | yes      |                       |                   |                    |               |               |            | need.current_supplier |  |
|        | select_one ouinon   | local       | Dans la commune ?          |          |                       |                   |                    |               |               |            |               |          |
|        | end_repeat          |             |                            |          |                       |                   |                    |               |               |            |               |          |
|        | end_group           |             |                            |          |                       |                   |                    |               |               |            |               |          |
|        | begin_group         | fin_        | Pour finir                 |          |                       |                   |                    |               |               |            |               |          |
|        | text                | libre       | Une remarque               |          |                       |                   |                    |               |               | multiline  |               |          |
|        | acknowledge         | accord      | J’accepte d’être rappelé   |          |                       |                   |                    |               |               |            |               |          |
|        | text                | mel         | Votre adresse              | yes      | ${accord} = 'OK'      | regex(., '^[^@ ]+@[^@ ]+$') | Adresse non valable. |     |               |            | contact.email |          |
|        | end_group           |             |                            |          |                       |                   |                    |               |               |            |               |          |
| choices |
|        | list_name | name        | label            |
|        | ouinon    | oui         | Oui              |
|        | ouinon    | non         | Non              |
|        | services  | maternelle  | Maternelle       |
|        | services  | creche      | Crèche           |
|        | signes    | prix        | Le prix          |
|        | signes    | gout        | Le goût          |
| settings |
|        | form_title    | form_id | version | namespaces |
|        | Le pain, court | court  | 1       | rq="https://restanque.org/xforms" |
"""
BROKEN = """
| survey |
|        | type    | name | label     | relevant          |
|        | integer | a    | Combien ? | ${b} = 'oui'      |
|        | integer | c    | Combien ? | ${a} = = 1        |
"""


def source(text: str = SURVEY) -> bytes:
    """The bytes of a questionnaire file (`.md`)."""
    return text.encode()
