"""Home, search, fiche commune, public pages. Owns no table: it gathers what the rooms show."""
