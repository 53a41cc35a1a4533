"""Forms: French typing is read, errors are said once and well."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django import forms as django_forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.test import RequestFactory

from restanque.kit import forms


class SampleForm(django_forms.Form):
    name = forms.TextField(label="Nom", help_text="Sur la façade.")
    price = forms.DecimalField(label="Prix", required=False, min_value=0)
    days = forms.IntegerField(label="Jours", required=False, max_value=5)
    opened_on = forms.DateField(label="Ouverte", required=False)
    telephone = forms.TelephoneField(label="Téléphone", required=False)
    supplier = django_forms.ChoiceField(
        label="Fournisseur", choices=[("a", "A"), ("b", "B")], widget=django_forms.RadioSelect
    )
    agreed = django_forms.BooleanField(label="D’accord", required=False)


def drawn(form: django_forms.Form) -> BeautifulSoup:
    return BeautifulSoup(render_to_string("kit/form.html", {"form": form}), "html.parser")


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (forms.DecimalField(), "1 234,50", Decimal("1234.50")),
        (forms.DecimalField(), "4.2", Decimal("4.2")),
        (forms.DecimalField(), 0, Decimal(0)),
        (forms.DecimalField(required=False), "", None),
        (forms.IntegerField(), "1\u202f200", 1200),
        (forms.IntegerField(), "0", 0),
        (forms.DateField(), "2026-11-24", dt.date(2026, 11, 24)),
        (forms.DateField(), "24/11/26", dt.date(2026, 11, 24)),
        (forms.DateField(), dt.datetime(2026, 11, 24, 10, tzinfo=dt.UTC), dt.date(2026, 11, 24)),
        (forms.DateField(required=False), None, None),
        (forms.TelephoneField(), "+33490000000", "04 90 00 00 00"),
        (forms.TelephoneField(required=False), "", ""),
        (forms.TextField(), " Cantine\u00a0 Jaurès\u200b ", "Cantine Jaurès"),
        (forms.EmailField(), "mairie@exemple.fr", "mairie@exemple.fr"),
    ],
)
def test_fields_read_what_french_people_type(field: Any, typed: Any, value: Any) -> None:
    assert field.clean(typed) == value


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        (forms.DecimalField(), "environ 4", "« environ 4 » n’est pas un nombre. Exemple : 4,20."),
        (forms.IntegerField(), "1,5", "« 1,5 » n’est pas un nombre entier. Exemple : 12."),
        (forms.DateField(), "31/02/2026", "« 31/02/2026 » n’est pas un jour du calendrier."),
        (forms.TelephoneField(), "04 90", "n’est pas un numéro de téléphone."),
    ],
)
def test_errors_quote_what_was_typed_and_show_an_example(
    field: Any, typed: str, message: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    assert message in " ".join(refused.value.messages)


def test_numbers_come_back_with_a_decimal_comma() -> None:
    form = SampleForm(initial={"price": Decimal("4.20"), "opened_on": dt.date(2026, 11, 24)})
    page = drawn(form)
    assert page.find(id="id_price")["value"] == "4,20"
    assert page.find(id="id_price")["inputmode"] == "decimal"
    assert page.find(id="id_opened_on")["value"] == "2026-11-24"


def test_each_error_is_in_the_summary_and_tied_to_its_field() -> None:
    form = SampleForm({"name": "", "price": "x", "supplier": ""})
    form.is_valid()
    form.add_error(None, "Le tout ne va pas.")
    page = drawn(form)
    summary = page.select_one("[role=alert]")
    assert summary is not None
    assert summary.h2.text == "4 points sont à revoir"
    assert summary["tabindex"] == "-1"
    targets = [link["href"][1:] for link in summary.select("a")]
    assert targets == ["id_name", "id_price", "id_supplier_0"]
    assert all(page.find(id=target) is not None for target in targets)
    assert "Le tout ne va pas." in summary.text
    for name in ("id_name", "id_price"):
        field = page.find(id=name)
        assert field["aria-invalid"] == "true"
        described = field["aria-describedby"].split()
        assert all(page.find(id=identifier) is not None for identifier in described)
        assert "is-invalid" in field["class"]


def test_every_control_has_its_label_and_choices_their_legend() -> None:
    page = drawn(SampleForm())
    for control in page.select("input"):
        assert page.find("label", {"for": control["id"]}) is not None
    assert page.fieldset.legend.get_text(strip=True) == "Fournisseur"
    assert page.find("label", {"for": "id_price"}).get_text(" ", strip=True) == "Prix (facultatif)"
    help_text = page.find(id="id_name_helptext")
    assert help_text.find_next("input")["id"] == "id_name"


def test_crispy_draws_the_same_fields() -> None:
    from django.template import engines

    template = engines["django"].from_string("{% load crispy_forms_tags %}{{ form|crispy }}")
    page = BeautifulSoup(template.render({"form": SampleForm()}), "html.parser")
    assert len(page.select(".rq-champ")) == len(SampleForm.base_fields)


def test_render_form_answers_422_only_with_errors(rf: RequestFactory) -> None:
    request = rf.get("/")
    good = SampleForm({"name": "A", "supplier": "a"})
    bad = SampleForm({})
    for form, status in ((SampleForm(), 200), (good, 200), (bad, 422)):
        response = forms.render_form(request, "kit/form.html", form)
        assert response.status_code == status


def test_confirmation_needs_the_exact_count() -> None:
    assert forms.ConfirmForm({"count": "121"}, count=121, noun="mairie").is_valid()
    wrong = forms.ConfirmForm({"count": "12"}, count=121, noun="mairie")
    assert not wrong.is_valid()
    assert wrong.errors["count"] == ["Vous avez écrit 12 ; il y en a 121."]
    assert not forms.ConfirmForm({}, count=0, noun="mairie").is_valid()
    assert "121\u00a0mairies" in str(drawn(forms.ConfirmForm(count=121, noun="mairie")))


def test_style_is_given_once_and_keeps_other_classes() -> None:
    widget = django_forms.Select(attrs={"class": "own"})
    forms.style_widget(widget, invalid=True)
    forms.style_widget(widget)
    assert widget.attrs["class"] == "form-select own"
