"""Forms: fields that read what French people type, one way to answer, one way to confirm."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from restanque.kit import text
from restanque.kit.text import plural

PAGE = "kit/form_page.html"

_CHOICE_WIDGETS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def style_widget(widget: forms.Widget, *, invalid: bool = False) -> None:
    """Give a widget the look's class, once; other classes it has are kept."""
    if isinstance(widget, (forms.CheckboxInput, *_CHOICE_WIDGETS)):
        base = "form-check-input"
    elif isinstance(widget, forms.Select):
        base = "form-select"
    elif isinstance(widget, forms.MultiWidget):
        for part in widget.widgets:
            style_widget(part, invalid=invalid)
        return
    else:
        base = "form-control"
    classes = [
        c for c in str(widget.attrs.get("class", "")).split() if c not in (base, "is-invalid")
    ]
    widget.attrs["class"] = " ".join([base, *classes, *(["is-invalid"] if invalid else [])])


def render_form(
    request: HttpRequest, template: str, form: forms.BaseForm, **context: Any
) -> HttpResponse:
    """The page with its form: 422 when the form comes back with errors, else 200.

    `kit/form_page.html` (PAGE) takes title, lede, trail, submit, back (an address), danger.
    """
    status = 422 if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def submitted(form: forms.BaseForm, write: Callable[[dict[str, Any]], Any]) -> Any | None:
    """Call a service with the form's values; its refusals become errors of the form.

    Returns what the service returned, or None when the form is not valid.
    """
    if not form.is_valid():
        return None
    try:
        return write(form.cleaned_data)
    except ValidationError as error:
        add_errors(form, error)
        return None


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put each message at its field, or at the top when the form has not that field."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, messages in error.message_dict.items():
        shown = field in form.fields and field != NON_FIELD_ERRORS
        form.add_error(field if shown else None, messages)


class TextField(forms.CharField):
    """One line of text, without control characters nor doubled spaces."""

    def to_python(self, value: Any) -> Any:
        """The cleaned text."""
        typed = super().to_python(value)
        return text.clean(typed) if isinstance(typed, str) else typed


class EmailField(forms.EmailField):
    """An e-mail address; phones show the right keyboard."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
        )
        super().__init__(**kwargs)


class TelephoneField(TextField):
    """A French telephone number, kept as « 04 90 00 00 00 »; foreign ones keep their +."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}))
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """The number in its usual writing."""
        typed = super().clean(value)
        if not typed:
            return typed
        try:
            return text.parse_telephone(typed)
        except ValueError as error:
            mend = "Écrivez dix chiffres, par exemple 04 90 00 00 00."
            raise ValidationError(f"{error} {mend}", code="invalid") from error


class DecimalField(forms.DecimalField):
    """A number typed the French way, « 1 234,5 » (a dot is taken too)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", _NumberInput(attrs={"inputmode": "decimal"}))
        super().__init__(**kwargs)

    # The stubs take a decimal field for a kind of integer field.
    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """The exact number; None when nothing is typed."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return text.parse_number(str(value))
        except ValueError as error:
            raise ValidationError(f"{error} Exemple : 4,20.", code="invalid") from error

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """None: a text input has no step."""
        return {}


class IntegerField(forms.IntegerField):
    """A whole number typed the French way, « 1 234 »."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", _NumberInput(attrs={"inputmode": "numeric"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> int | None:
        """The whole number; None when nothing is typed."""
        if value in self.empty_values:
            return None
        try:
            return text.parse_integer(str(value))
        except ValueError as error:
            raise ValidationError(f"{error} Exemple : 12.", code="invalid") from error

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """None: a text input has no step."""
        return {}


class _NumberInput(forms.TextInput):
    """A text input that shows numbers with a decimal comma and no grouping."""

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, Decimal | int | float):
            return format(Decimal(str(value)), "f").replace(".", ",")
        shown: str | None = super().format_value(value)
        return shown


class DateField(forms.DateField):
    """A day: the browser's own picker, which shows jj/mm/aaaa; typed days are read too."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        """The day; None when nothing is typed."""
        if value in self.empty_values:
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        try:
            return text.parse_date(str(value))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error


class ConfirmForm(forms.Form):
    """Before an act that cannot be taken back: type how many things it touches.

    The number is asked, not a box to tick, so that one reads it. When the count changed between
    the page and the answer, the form refuses and shows the new one.
    """

    count = IntegerField(label="Nombre")

    def __init__(
        self, *args: Any, count: int, noun: str, plural_noun: str = "", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.expected = count
        what = plural(count, noun, plural_noun)
        self.fields["count"].label = "Pour confirmer, écrivez ce nombre"
        self.fields["count"].help_text = mark_safe(f"Cela concerne <strong>{what}</strong>.")
        self.fields["count"].widget.attrs["autocomplete"] = "off"

    def clean_count(self) -> int:
        """Refuse any other number."""
        typed: int = self.cleaned_data["count"]
        if typed != self.expected:
            raise ValidationError(
                f"Vous avez écrit {text.format_number(typed)} ; "
                f"il y en a {text.format_number(self.expected)}.",
                code="mismatch",
            )
        return typed
