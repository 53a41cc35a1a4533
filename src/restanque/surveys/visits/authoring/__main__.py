"""Write the Excel files of the two visit forms beside the other shipped questionnaires."""

from pathlib import Path

from restanque.surveys.visits.authoring.bakery import BAKERY
from restanque.surveys.visits.authoring.book import workbook
from restanque.surveys.visits.authoring.canteen import CANTEEN

FOLDER = Path(__file__).parents[2] / "questionnaires"

if __name__ == "__main__":
    for book in (BAKERY, CANTEEN):
        (FOLDER / book.filename).write_bytes(workbook(book))
