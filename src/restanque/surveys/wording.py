"""The words a campaign starts with; the team changes them on the campaign's page.

Templates use {organisation}, {enquete}, {lien}, {cloture}, {expediteur}, {minutes}, {refus}.
`{lien}` and `{refus}` become marks that are resolved at sending time only.
"""

# ruff: noqa: E501 (a paragraph of a message is one line: mail programs fold it)
from restanque.accounts.models import Workspace
from restanque.kit.text import format_date
from restanque.surveys.models import Campaign, Invitation

INVITATION_SUBJECT = "{enquete} : votre avis, {minutes} minutes"
INVITATION_BODY = """Madame, Monsieur,

{expediteur} vous interroge ({organisation}) : « {enquete} ». Il faut environ {minutes} minutes ; vous pouvez vous arrêter, reprendre plus tard, ou confier le lien à un collègue.

Votre lien personnel, à ne pas diffuser hors de votre organisme :
{lien}

Réponse attendue avant le {cloture}. Répondre n’est pas obligatoire.

{expediteur}

Pour ne plus être relancé : {refus}
"""
REMINDER_SUBJECT = "Rappel : {enquete}"
REMINDER_BODY = """Madame, Monsieur,

Nous n’avons pas encore votre réponse ({organisation}) à l’enquête « {enquete} ». Si elle est commencée, elle vous attend là où vous l’avez laissée :
{lien}

Clôture le {cloture}. Une réponse par téléphone est possible : écrivez-nous, nous vous appelons.

{expediteur}

Pour ne plus être relancé : {refus}
"""
RECEIPT_SUBJECT = "Votre réponse est enregistrée : {enquete}"
RECEIPT_BODY = """Madame, Monsieur,

Votre réponse ({organisation}) à l’enquête « {enquete} » nous est bien parvenue. Merci.

Vous pouvez la relire et en garder une copie :
{lien}

Pour la corriger, répondez à ce message : nous la rouvrirons.

{expediteur}
"""
LINK_SUBJECT = "Votre lien : {enquete}"
LINK_BODY = """Bonjour,

Voici le lien pour reprendre la réponse ({organisation}) à l’enquête « {enquete} », depuis n’importe quel ordinateur :
{lien}

Clôture le {cloture}.

{expediteur}
"""
HANDOVER_SUBJECT = "{organisation} : un questionnaire vous est confié"
HANDOVER_BODY = """Bonjour,

Une personne de votre organisme ({organisation}) vous confie la réponse à l’enquête « {enquete} » ({expediteur}). Ce qu’elle a déjà rempli est conservé :
{lien}

Il faut environ {minutes} minutes. Clôture le {cloture}. Votre adresse n’a servi qu’à vous envoyer ce message.

{expediteur}
"""


def default_notice(workspace: Workspace, campaign: Campaign) -> str:
    """The information notice of articles 13 and 14 of the GDPR, to be read over by the DPO."""
    controller = workspace.data_controller or workspace.name
    dpo = workspace.dpo_contact or workspace.contact_email or campaign.reply_to
    return (
        f"Responsable du traitement : {controller}.\n"
        f"Finalité : {campaign.purpose}\n"
        "Base légale : mission d’intérêt public (RGPD, article 6, 1, e).\n"
        f"Destinataires : l’équipe de {workspace.name}. Rien n’est transmis hors de l’Union "
        "européenne.\n"
        f"Conservation : jusqu’au {format_date(campaign.purge_on, long=True)}, puis effacement.\n"
        "Répondre est facultatif. Vous pouvez accéder à ces données, les faire corriger ou "
        f"effacer, limiter leur usage ou vous y opposer en écrivant à {dpo}. "
        "Vous pouvez saisir la CNIL (cnil.fr)."
    )


def fill(template: str, invitation: Invitation) -> str:
    """A template's words for one invitation; the links stay as marks (see core.mail)."""
    campaign = invitation.campaign
    values = {
        "organisation": str(invitation.organisation),
        "enquete": campaign.name,
        "lien": "⟦lien⟧",
        "refus": "⟦refus⟧",
        "cloture": format_date(campaign.closes_on, long=True),
        "expediteur": campaign.sender_name,
        "minutes": str(campaign.minutes),
    }
    for name, value in values.items():
        # Not str.format: the team types these templates, and « {0.__class__} » must stay text.
        template = template.replace(f"{{{name}}}", value)
    return template
