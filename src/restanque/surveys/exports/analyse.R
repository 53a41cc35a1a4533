# Refait les chiffres pondérés de Restanque avec le paquet « survey » (Lumley), et les compare.
#   Rscript analyse.R          dans le dossier des fichiers
# Plan : dans chaque cellule de poids, les communes qui ont répondu sont tenues pour un tirage au
# hasard sans remise des communes de la cellule. Une réponse vide à une question posée est une
# non-réponse à cette question : les poids sont refaits, dans les mêmes cellules, sur qui a répondu.
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "adjust", OutDec = ".")

lire <- function(nom) read.csv(nom, colClasses = "character", na.strings = "", encoding = "UTF-8",
                               check.names = FALSE, stringsAsFactors = FALSE)
variables <- lire("variables.csv")
posees <- lire("questions-posees.csv")
chiffres <- lire("chiffres.csv")

if (nrow(chiffres) == 0) {
  cat("Aucun chiffre pondéré : cette campagne n'a pas de poids (voir LISEZMOI.txt).\n")
  quit(status = 0)
}

# 1, 0 ou NA (rien de dit) pour une part ; le nombre pour une moyenne.
reponse <- function(variable, code, mesure) {
  texte <- variables[[variable]]
  if (mesure == "moyenne") return(as.numeric(texte))
  dits <- strsplit(ifelse(is.na(texte), "", texte), " ", fixed = TRUE)
  oui <- vapply(dits, function(codes) code %in% codes, logical(1))
  ifelse(is.na(texte), NA, as.numeric(oui))
}

estimer <- function(variable, code, mesure) {
  donnees <- data.frame(
    y = reponse(variable, code, mesure),
    posee = posees[[variable]] == "1",
    cellule = variables$cellule,
    taille = as.numeric(variables$taille_cellule)
  )
  donnees <- donnees[!(donnees$posee & is.na(donnees$y)), ]
  donnees$y[!donnees$posee] <- 0
  plan <- svydesign(ids = ~1, strata = ~cellule, fpc = ~taille, data = donnees)
  moyenne <- svymean(~y, subset(plan, posee))
  c(as.numeric(coef(moyenne)), as.numeric(SE(moyenne)))
}

proche <- function(ici, la) is.na(la) || abs(ici - la) <= 1e-8 * max(1, abs(la))

chiffres$valeur <- as.numeric(chiffres$valeur)
chiffres$erreur_type <- as.numeric(chiffres$erreur_type)
chiffres$valeur_r <- NA_real_
chiffres$erreur_type_r <- NA_real_
chiffres$resultat <- ""
for (i in seq_len(nrow(chiffres))) {
  ligne <- chiffres[i, ]
  if (is.na(ligne$valeur)) { chiffres$resultat[i] <- "sans valeur"; next }
  if (!is.na(ligne$note)) { chiffres$resultat[i] <- ligne$note; next }
  code <- if (is.na(ligne$code)) "" else ligne$code
  r <- estimer(ligne$variable, code, ligne$mesure)
  chiffres$valeur_r[i] <- r[1]
  chiffres$erreur_type_r[i] <- r[2]
  pareil <- proche(r[1], ligne$valeur) && proche(r[2], ligne$erreur_type)
  chiffres$resultat[i] <- if (pareil) "retrouvé" else "ÉCART"
}
write.csv(chiffres, "comparaison.csv", row.names = FALSE, na = "", fileEncoding = "UTF-8")

compares <- chiffres[!is.na(chiffres$valeur_r), ]
ecarts <- sum(compares$resultat != "retrouvé")
cat(sprintf("Chiffres retrouvés : %d sur %d (détail dans comparaison.csv).\n",
            nrow(compares) - ecarts, nrow(compares)))
if (nrow(compares) < nrow(chiffres))
  cat(sprintf("Non comparés : %d (sans valeur, ou poids refaits).\n", nrow(chiffres) - nrow(compares)))
if (ecarts > 0) quit(status = 1)
