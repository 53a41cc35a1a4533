"""The theme's colours for drawings that leave the page (a test keeps them equal to theme.css)."""

LIMESTONE = "#f1efe9"
PAPER = "#fcfbf8"
JOINT = "#dcd7cb"
STONE = "#c4bcaa"
INK = "#1f251e"
INK_2 = "#4b5147"
OLIVE = "#4a5a26"
OLIVE_DARK = "#354218"
OLIVE_MID = "#7d8c49"
OLIVE_LIGHT = "#e4e8d4"
OCHRE = "#b97b10"
OCHRE_DARK = "#7a4b0a"
OCHRE_LIGHT = "#f8ead0"
BAUXITE = "#96301f"
DURANCE = "#2b586b"

# Series that no order links: each at 3:1 on paper at least, told apart by lightness too.
SERIES = (OLIVE, OCHRE, DURANCE, OLIVE_MID, BAUXITE, "#8d8672", OCHRE_DARK, "#5f8ea0")

SANS = "Restanque Sans"
SERIF = "Spectral"
