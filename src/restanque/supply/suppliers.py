"""Which organisation of the directory a respondent means by its supplier's name or SIRET."""

from collections import defaultdict

from restanque.accounts.models import Workspace
from restanque.directory.identifiers import clean_siret
from restanque.directory.models import Organisation
from restanque.kit.text import search_key

# Words that a trade name carries or not, according to who writes it.
_NOISE = frozenset(
    {
        *("boulangerie", "boulanger", "patisserie", "fournil", "maison", "chez", "m", "mme"),
        *("du", "de", "la", "le", "les", "l", "d", "des", "et", "au", "aux"),
        *("sarl", "eurl", "sas"),
    }
)


class SupplierFinder:
    """Reads the workspace's organisations once, then answers for each supplier written.

    It never guesses between two: no SIRET, and several records of that name, is None.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._by_siret: dict[str, Organisation] = {}
        self._by_name: dict[str, list[Organisation]] = defaultdict(list)
        for one in Organisation.objects.filter(workspace=workspace, active=True).order_by("pk"):
            if one.siret:
                self._by_siret[one.siret] = one
            self._by_name[bare_name(one.name_key)].append(one)

    def find(
        self, name: str, siret: str, commune: str | None, *, here: bool | None = None
    ) -> Organisation | None:
        """By SIRET; else by name, the one of the commune when several have it.

        `here`: whether it bakes in the commune. True: a homonym of elsewhere is another bakery.
        """
        try:
            known = self._by_siret.get(clean_siret(siret)) if siret else None
        except ValueError:
            known = None
        if known is not None:
            return known
        bare = bare_name(search_key(name))
        if not bare:
            return None
        found = self._by_name.get(bare, [])
        near = [one for one in found if one.commune_id == commune]
        for candidates in (near,) if here else (near, found):
            if len(candidates) == 1:
                return candidates[0]
        return None


def bare_name(key: str) -> str:
    """The words that tell one trade name from another; all of them when each is a common one."""
    return " ".join(word for word in key.split() if word not in _NOISE) or key
