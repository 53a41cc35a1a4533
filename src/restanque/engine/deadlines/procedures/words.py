"""Actors and proofs that several procedures name."""

SCOT_BODY, SCOT_COUNCIL = "président du porteur du SCoT", "comité syndical"
ACT = "délibération transmise au contrôle de légalité"
DISPATCH = "accusé de réception de chaque envoi"
POSTED = "certificat d’affichage"
RECEIVED = "avis reçu, ou preuve de la transmission"
THIN = "Plusieurs étapes n’ont pas de délai dans la base : seul leur ordre est suivi."
