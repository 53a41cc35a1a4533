"""Letters to post: one page an organisation, with its link, its short code and a QR code."""

import io
from collections.abc import Sequence

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from restanque.kit.documents import render_pdf
from restanque.kit.text import format_date
from restanque.surveys import wording
from restanque.surveys.models import Campaign
from restanque.surveys.services.mailmerge import MergeLine

_LETTERS = """#import "base.typ": *
#for (rank, letter) in data.letters.enumerate() [
  #if rank > 0 { pagebreak() }
  #grid(columns: (1fr, 7cm), [
    *#data.sender* \\
    #if data.phone != "" [#data.phone \\ ]
    #data.reply
  ], [
    #v(1.6cm)
    #letter.organisation \\
    #for line in letter.address [#line \\ ]
  ])
  #v(0.6cm)
  #align(right)[#data.day]
  #v(0.3cm)
  = #data.title
  #for paragraph in letter.paragraphs [
    #paragraph

  ]
  #block(breakable: false, width: 100%, inset: 10pt, stroke: 0.8pt + stone)[
    #grid(columns: (1fr, auto), column-gutter: 12pt, [
      *Pour répondre en ligne* \\
      Photographiez le dessin ci-contre, ou tapez cette adresse : \\
      #text(size: 9.5pt)[#link(data.page)[#data.page]] \\
      puis ce code : \\
      #text(size: 13pt, weight: 600)[#letter.code]
      #v(2pt)
      #text(size: 8.5pt, fill: ink2)[Ce code est celui de #letter.organisation : ne le donnez
      qu’à un collègue qui répond pour vous. Réponse attendue avant le #data.closes.]
    ], image(letter.qr, width: 3.1cm, alt: "Code QR du lien personnel de " + letter.organisation))
  ]
  #v(4pt)
  #text(size: 8pt, fill: ink2)[#data.notice]
]
"""


def letters_pdf(campaign: Campaign, rows: Sequence[MergeLine]) -> bytes:
    """The letters of a mailing, in its order. The text is the invitation's, without its links."""
    now = timezone.now().replace(microsecond=0)
    files: dict[str, bytes] = {}
    letters = []
    for rank, row in enumerate(rows):
        name = f"qr-{rank}.svg"
        files[name] = _qr(row.link)
        organisation = row.organisation
        letters.append(
            {
                "organisation": str(organisation),
                "address": _address(row),
                "paragraphs": _paragraphs(row),
                "code": row.code,
                "qr": name,
            }
        )
    data = {
        "letters": letters,
        "sender": campaign.sender_name,
        "reply": campaign.reply_to,
        "phone": campaign.contact_phone,
        "day": f"Le {format_date(timezone.localtime(now).date(), long=True)}",
        "title": campaign.name,
        "page": settings.BASE_URL + reverse("respondent:code"),
        "closes": format_date(campaign.closes_on, long=True),
        "notice": campaign.privacy_notice,
    }
    return render_pdf(
        _LETTERS,
        data,
        title=f"Lettres : {campaign.name}",
        created_at=now,
        author=campaign.sender_name,
        fictitious=campaign.fictitious,
        files=files,
    )


def _address(row: MergeLine) -> list[str]:
    organisation = row.organisation
    commune = organisation.commune
    lines = [*organisation.address.splitlines()]
    place = f"{organisation.postal_code} {commune.name if commune else ''}".strip()
    if place and not (lines and place.lower() in lines[-1].lower()):
        lines.append(place)
    return [line for line in lines if line.strip()]


def _paragraphs(row: MergeLine) -> list[str]:
    """The invitation's paragraphs, those made of a link left out."""
    text = wording.fill(row.invitation.campaign.invitation_body, row.invitation)
    kept = []
    for paragraph in text.split("\n\n"):
        bare = " ".join(line for line in paragraph.splitlines() if "⟦" not in line).strip()
        if bare and not bare.endswith(":"):
            kept.append(bare)
    return kept


def _qr(link: str) -> bytes:
    buffer = io.BytesIO()
    segno.make(link, error="m", micro=False).save(buffer, kind="svg", scale=4, border=2)
    return buffer.getvalue()
