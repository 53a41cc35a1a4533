"""Free answers, question by question: read, search whatever the accents, tag, filter, export."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from restanque.accounts.perms import MemberRequest, can_write, require
from restanque.engine.forms import FormError
from restanque.kit.documents import Sheet, csv_bytes, file_response, xlsx_bytes
from restanque.kit.text import format_date, parse_date, record_number, safe_file_name, search_key
from restanque.surveys.analysis.data import Dataset, Row, Unit, answered
from restanque.surveys.analysis.questions import Kind, Question
from restanque.surveys.models import AnswerTag, Response, TextTag
from restanque.surveys.services import texts
from restanque.surveys.views.common import editable_campaign

_MOST_TEXTS = 200


@dataclass(frozen=True, slots=True)
class Text:
    """One free answer and its tags."""

    row: Row
    text: str
    path: str
    tags: tuple[AnswerTag, ...]

    @property
    def anchor(self) -> str:
        """Its place in the page."""
        return f"texte-{self.row.response}-{search_key(self.path).replace(' ', '-')}"


def texts_context(
    request: MemberRequest, dataset: Dataset, found: Question, units: Sequence[Unit]
) -> dict[str, Any]:
    """The texts that hold every word typed and bear the tag asked; dates in their order."""
    every = _texts(dataset, found, units)
    kept = _kept(request, every)
    counts = Counter(one.tag_id for text in every for one in text.tags)
    names = {one.tag_id: one.tag for text in every for one in text.tags}
    return {
        "texts": kept[:_MOST_TEXTS],
        "texts_found": len(kept),
        "texts_all": len(every),
        "q": request.GET.get("q", ""),
        "tag": record_number(request.GET.get("mot", "")),
        "tag_counts": sorted(
            ((names[pk], count) for pk, count in counts.items()), key=lambda pair: pair[0].name_key
        ),
        "known_tags": TextTag.objects.filter(workspace=dataset.campaign.workspace),
        "tagging": found.kind == Kind.TEXT,
    }


@require_POST
@require(can_write)
def tag(request: MemberRequest, pk: int, key: str) -> HttpResponse:
    """Put a tag on a free answer, or take one off."""
    campaign = editable_campaign(request, pk)
    dataset = _dataset(request, pk)
    found = dataset.question(key)
    if found is None or not found.is_open:
        raise Http404
    response = get_object_or_404(
        Response.objects.select_related("invitation__campaign__territory__workspace"),
        invitation__campaign=campaign,
        pk=record_number(request.POST.get("response", "")),
    )
    path = request.POST.get("path", "")
    if "remove" in request.POST:
        one = get_object_or_404(
            AnswerTag, response=response, pk=record_number(request.POST["remove"])
        )
        texts.untag_answer(answer_tag=one)
    elif path in {unit.path for unit in dataset.units(found) if unit.row.response == response.pk}:
        try:
            texts.tag_answer(
                response=response,
                path=path,
                name=request.POST.get("name", ""),
                by=request.membership.user,
            )
        except ValidationError as error:
            messages.error(request, f"Mot-clé non ajouté : {' '.join(error.messages)}")
    else:
        raise Http404
    kept = {name: request.POST[name] for name in ("q", "mot") if request.POST.get(name)}
    url = reverse("surveys:result", args=[campaign.pk, key])
    anchor = f"texte-{response.pk}-{search_key(path).replace(' ', '-')}"
    return redirect(f"{url}{'?' + urlencode(kept) if kept else ''}#{anchor}")


@require_safe
@require(can_write)
def export(request: MemberRequest, pk: int, key: str, file_format: str) -> HttpResponse:
    """The texts shown, with their tags: for the team that carries the campaign only."""
    campaign = editable_campaign(request, pk)
    dataset = _dataset(request, pk)
    found = dataset.question(key)
    if found is None or not found.is_open or file_format not in ("xlsx", "csv"):
        raise Http404
    headers = ("Organisme", "Code INSEE", "Commune", found.label, "Mots-clés")
    rows = [
        (
            one.row.organisation,
            one.row.commune.code if one.row.commune else None,
            one.row.commune.name if one.row.commune else None,
            one.text,
            ", ".join(str(tagged.tag) for tagged in one.tags) or None,
        )
        for one in _kept(request, _texts(dataset, found, dataset.units(found)))
    ]
    name = f"textes-{safe_file_name(found.label)[:60]}.{file_format}"
    if file_format == "csv":
        return file_response(csv_bytes(headers, rows, fictitious=campaign.fictitious), name)
    sheet = Sheet("Textes", headers, rows)
    return file_response(xlsx_bytes([sheet], fictitious=campaign.fictitious), name)


def _dataset(request: MemberRequest, pk: int) -> Dataset:
    only = request.GET.get("reponses") == "validees"
    try:
        return Dataset(editable_campaign(request, pk), only_validated=only)
    except FormError:
        raise Http404 from None


def _texts(dataset: Dataset, found: Question, units: Sequence[Unit]) -> list[Text]:
    told = answered(units)
    if found.kind == Kind.DATE:
        told.sort(key=lambda unit: unit.values[0])
    tags: dict[tuple[int, str], list[AnswerTag]] = {}
    paths = {unit.path for unit in told}
    marked = AnswerTag.objects.filter(
        response__invitation__campaign=dataset.campaign, path__in=paths
    ).select_related("tag")
    for one in marked.order_by("tag__name_key", "pk"):
        tags.setdefault((one.response_id, one.path), []).append(one)
    return [
        Text(
            unit.row,
            _shown(found, unit),
            unit.path,
            tuple(tags.get((unit.row.response, unit.path), ())),
        )
        for unit in told
    ]


def _kept(request: MemberRequest, every: Sequence[Text]) -> list[Text]:
    words = search_key(request.GET.get("q", "")).split()
    tag = record_number(request.GET.get("mot", ""))
    return [
        one
        for one in every
        if all(word in search_key(f"{one.row.organisation} {one.text}") for word in words)
        and (tag is None or any(marked.tag_id == tag for marked in one.tags))
    ]


def _shown(found: Question, unit: Unit) -> str:
    text = unit.values[0]
    if found.kind == Kind.DATE:
        try:
            return format_date(parse_date(text[:10]), long=True)
        except ValueError:
            return text
    return text
