"""Entry point of the `restanque` command: its own list first, Django's commands behind it."""

import os
import sys

from django.core.management import execute_from_command_line

from restanque import __version__

# What is typed → Django's module name, what it does. Their order is the one of an installation.
COMMANDS = {
    "start": ("start", "prépare tout puis sert Restanque sur cette machine (make run)"),
    "migrate": ("migrate", "crée ou met à jour la base de données"),
    "collectstatic": ("collectstatic", "rassemble les fichiers de présentation"),
    "reference-data": ("reference_data", "build | load : communes, contours et mairies de France"),
    "workspace": ("workspace", "create : ouvre l’espace d’une équipe"),
    "user": ("user", "add | sign-in : ajoute une personne, ou lui donne un lien d’entrée"),
    "territory": ("territory", "create : un territoire, par EPCI ou par communes"),
    "demo": ("demo", "charge les territoires et l’enquête de démonstration (données fictives)"),
    "serve": ("serve", "sert les pages et traite les travaux, en un seul arbre de processus"),
    "worker": ("worker", "traite les travaux et les tâches périodiques"),
    "import": ("import", "KIND FILE [--dry-run] : importe un fichier dans l’annuaire"),
    "backup": ("backup", "FILE : sauvegarde la base et les fichiers"),
    "restore": ("restore", "FILE : rétablit une sauvegarde dans une instance vide"),
    "purge": ("purge", "supprime les données personnelles arrivées à leur terme"),
    "bounce": ("bounce", "lit un avis de non-remise sur l’entrée standard (alias de messagerie)"),
    "timeline": ("timeline", "--kind KIND --prescription DATE : calendrier légal d’une procédure"),
    "form": ("form", "check FILE | eval FILE ANSWERS.json : vérifie ou essaie un questionnaire"),
    "distances": (
        "distances",
        "build FILE.osm.pbf --territory N : mesure les distances par la route (option roads)",
    ),
    "plan": ("plan", "solve PROBLEM.json : calcule un plan d’approvisionnement en pain"),
}


def usage() -> str:
    """The list of commands, as `restanque --help` prints it."""
    lines = ["Usage : restanque COMMANDE [options]", "", "Commandes :"]
    lines += [f"  {name:<15} {what}" for name, (_, what) in COMMANDS.items()]
    lines += ["", "restanque COMMANDE --help détaille une commande.", ""]
    return "\n".join(lines)


def main() -> None:
    """Run a command; Django's own (shell, check, createsuperuser…) work too."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "restanque.config.settings")
    arguments = sys.argv[1:]
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        sys.stdout.write(usage())
        return
    if arguments[0] in ("--version", "version"):
        sys.stdout.write(f"Restanque {__version__}\n")
        return
    module = COMMANDS.get(arguments[0], (arguments[0], ""))[0]
    execute_from_command_line([sys.argv[0], module, *arguments[1:]])
