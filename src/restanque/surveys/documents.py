"""PDF of the room: the answers of an organisation, and the blank questionnaire."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.text import capfirst

from restanque.engine.forms import Session
from restanque.kit.documents import file_response, render_pdf
from restanque.kit.text import format_date
from restanque.surveys.blank import BlankQuestion, blank_pages
from restanque.surveys.definitions import form_of
from restanque.surveys.models import Invitation, QuestionnaireVersion
from restanque.surveys.presenting import all_answers

_ANSWERS = """#import "base.typ": *
= #data.title
#lede[#data.lede]
#for page in data.pages [
  == #page.title
  #for row in page.rows [
    #block(breakable: false, width: 100%, below: 0.9em)[
      #text(size: 9.5pt, fill: ink2)[#row.question] \\
      #text(weight: 600)[#row.answer]
    ]
  ]
]
#source[#data.source]
"""

_BLANK = """#import "base.typ": *
#let rule = box(width: 1fr, height: 0.9em, stroke: (bottom: 0.5pt + ink2))
#let square = box(width: 8pt, height: 8pt, stroke: 0.7pt + ink, baseline: 0.5pt)
#let disc = box(width: 8pt, height: 8pt, radius: 4pt, stroke: 0.7pt + ink, baseline: 0.5pt)
= #data.title
#lede[#data.lede]
#for page in data.pages [
  == #page.title
  #if page.condition != "" [#text(fill: ochre)[À remplir #page.condition.]]
  #for q in page.questions [
    #if q.kind == "heading" [
      === #q.label
      #if q.condition != "" [#text(size: 9pt, fill: ochre)[#q.condition.]]
    ] else if q.kind == "note" [
      #text(size: 9.5pt, fill: ink2)[#q.label]
    ] else [
      #block(breakable: false, width: 100%, below: 1.1em, inset: (left: q.level * 10pt))[
        #strong[#q.number. #q.label]
        #if not q.required [#text(size: 9pt, fill: ink2)[(facultatif)]] \\
        #if q.condition != "" [#text(size: 9pt, fill: ochre)[#q.condition.] \\ ]
        #if q.hint != "" [#text(size: 9pt, fill: ink2)[#q.hint] \\ ]
        #if q.kind == "choices" [
          #if q.several and q.hint == "" [
            #text(size: 9pt, fill: ink2)[Plusieurs réponses possibles.] \\
          ]
          #for choice in q.choices [#if q.several [#square] else [#disc] #h(4pt) #choice \\ ]
        ] else if q.kind == "acknowledge" [
          #square #h(4pt) Oui
        ] else if q.kind == "file" [
          #text(size: 9pt, fill: ink2)[Joignez une copie à votre envoi.]
        ] else if q.kind == "short" [
          #box(width: 5cm)[#rule] #q.unit
        ] else [
          #for line in range(q.lines) [#box(width: 100%)[#rule] \\ ]
        ]
      ]
    ]
  ]
]
"""


def answers_pdf(invitation: Invitation, session: Session) -> HttpResponse:
    """The answers asked and given, to keep; it says whether they are sent."""
    campaign, response = invitation.campaign, invitation.response
    if response.submitted_at is not None and not response.is_draft:
        state = f"Réponse envoyée le {_moment(response.submitted_at)}."
    else:
        state = f"Brouillon enregistré le {_moment(response.updated_at)}, non envoyé."
    data: dict[str, Any] = {
        "title": str(campaign),
        "lede": f"{invitation.organisation}. {state}",
        "pages": [
            {
                "title": page.title,
                "rows": [
                    {
                        "question": f"{a.inside}\u00a0: {a.label}" if a.inside else a.label,
                        "answer": a.shown or "Sans réponse",
                    }
                    for a in page.answers
                ],
            }
            for page in all_answers(session)
        ],
        "source": f"{campaign.sender_name}. Questionnaire : {response.version}.",
    }
    pdf = render_pdf(
        _ANSWERS,
        data,
        title=str(campaign),
        created_at=timezone.now().replace(microsecond=0),
        author=campaign.sender_name,
        fictitious=campaign.fictitious,
    )
    return file_response(pdf, f"reponses-{invitation.organisation}.pdf")


def blank_pdf(version: QuestionnaireVersion, *, fictitious: bool) -> HttpResponse:
    """The questionnaire to fill by hand."""
    form = form_of(version)
    data = {
        "title": form.title or version.questionnaire.title,
        "lede": "Pour préparer la réponse, ou la donner sur papier. Une question sans condition "
        "s’adresse à tous.",
        "pages": [
            {
                "title": page.title,
                "condition": page.condition,
                "questions": [_printed(question) for question in page.questions],
            }
            for page in blank_pages(form)
        ],
    }
    pdf = render_pdf(
        _BLANK,
        data,
        title=form.title or version.questionnaire.title,
        created_at=(version.published_at or version.created_at).replace(microsecond=0),
        author=f"Version {version.number} du {format_date(version.created_at.date())}",
        fictitious=fictitious,
    )
    return file_response(pdf, f"{version.questionnaire.title}.pdf")


def _printed(question: BlankQuestion) -> dict[str, Any]:
    return {
        "kind": question.kind,
        "label": question.label,
        "number": question.number,
        "hint": question.hint,
        "condition": capfirst(question.condition),
        "choices": list(question.choices),
        "several": question.several,
        "unit": question.unit,
        "required": question.required,
        "lines": question.lines,
        "level": question.level,
    }


def _moment(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{format_date(local.date(), long=True)} à {local.hour}\u00a0h\u00a0{local:%M}"
