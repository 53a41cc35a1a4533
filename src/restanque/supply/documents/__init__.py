"""What the room prints: one page per commune, per bakery, per mill. Word, to be corrected by hand.

The page of a commune is for its mayor and tells its own plan. Pages of bakeries are neutral: the
same published information for every baker, no price, no supplier, no assignment. Pages of mills
name their own customers only.
"""

from restanque.supply.documents.bakeries import bakery_pages
from restanque.supply.documents.communes import commune_pages
from restanque.supply.documents.mills import mill_pages

__all__ = ["bakery_pages", "commune_pages", "mill_pages"]
