"""The questionnaire of the world, and a file to join."""

FORM = """
| survey |
|  | type | name | label | required | appearance | bind::rq:fact | media::image |
|  | begin_group | pain | Le pain |  |  |  |  |
|  | text | nom | Votre boulanger |  |  | need.current_supplier | four.png |
|  | integer | repas | Repas par jour |  |  | need.meals_per_day | |
|  | decimal | kg | Kilos par jour |  |  | need.kg_per_day | |
|  | select_one ouinon | bio | Du pain bio ? |  |  |  |  |
|  | file | facture | Une facture |  |  |  |  |
|  | end_group |  |  |  |  |  |  |
|  | begin_group | fin | Pour finir |  |  |  |  |
|  | text | libre | Une remarque |  | multiline |  | |
|  | end_group |  |  |  |  |  |  |
| choices |
|  | list_name | name | label |
|  | ouinon | oui | Oui |
|  | ouinon | non | Non |
| settings |
|  | form_title | form_id | version | namespaces |
|  | Le pain, selon Quetsche | court | 1 | rq="https://restanque.org/xforms" |
"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63680000008200815c5e6c7f0000000049454e44ae426082"
)
PDF = b"%PDF-1.4\n% Z\xc3\xa9buline\n%%EOF\n"
NAME, MEALS, KILOS = "/data/pain/nom", "/data/pain/repas", "/data/pain/kg"
BILL, REMARK = "/data/pain/facture", "/data/fin/libre"
