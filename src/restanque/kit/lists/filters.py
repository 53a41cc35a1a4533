"""Filters of lists: accent-blind search, and words in French."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.encoding import force_str

from restanque.kit.forms import style_widget
from restanque.kit.text import search_words

NO_MATTER = "Indifférent"


class SearchFilter(django_filters.CharFilter):
    """Search whatever the accents, the case and the hyphens.

    `fields` are columns that hold `kit.text.search_key` of a text; `codes` are columns of codes
    (SIRET, INSEE code) matched from their beginning, spaces of the typed code removed. Every word
    typed must be found, each in any of the fields.
    """

    def __init__(
        self,
        fields: Sequence[str],
        codes: Sequence[str] = (),
        label: str = "Rechercher",
        **kwargs: Any,
    ) -> None:
        self.search_fields = tuple(fields)
        self.code_fields = tuple(codes)
        widget = forms.TextInput(attrs={"type": "search", "autocomplete": "off"})
        super().__init__(label=label, widget=widget, **kwargs)

    def filter(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """The rows that answer the typed words; all of them when nothing is typed."""
        typed = force_str(value or "")
        words = search_words(typed)
        if not words:
            # Punctuation alone was typed: nothing can match it.
            return queryset.none() if typed.strip() else queryset
        by_word = Q()
        for word in words:
            in_any_field = Q()
            for field in self.search_fields:
                in_any_field |= Q(**{f"{field}__contains": word})
            by_word &= in_any_field
        by_code = Q()
        code = "".join(typed.split()).upper()
        for field in self.code_fields:
            by_code |= Q(**{f"{field}__startswith": code})
        return queryset.filter(by_word | by_code)


class ChoiceFilter(django_filters.ChoiceFilter):
    """A choice among codes; « Indifférent » when nothing is chosen."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", NO_MATTER)
        super().__init__(*args, **kwargs)


class BooleanFilter(ChoiceFilter):
    """oui / non, as a list rather than a three-state box that nobody reads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, choices=[("oui", "Oui"), ("non", "Non")], **kwargs)

    def filter(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Compare with the boolean that the word stands for."""
        return super().filter(queryset, value == "oui") if value else queryset


class FilterSet(django_filters.FilterSet):
    """A FilterSet whose fields carry the look's classes and French empty choices."""

    @property
    def form(self) -> forms.Form:
        """The filters' form: the search first, the look's classes, nothing required."""
        form: forms.Form = super().form
        form.order_fields([n for n, one in self.filters.items() if isinstance(one, SearchFilter)])
        for name, field in form.fields.items():
            style_widget(field.widget)
            if isinstance(field.widget, forms.DateInput):
                field.widget.input_type = "date"
                field.widget.format = "%Y-%m-%d"
            field.required = False
            field.help_text = ""
            if isinstance(field, forms.ModelChoiceField) and field.empty_label is not None:
                field.empty_label = NO_MATTER
            field.widget.attrs.setdefault("id", f"filtre-{name}")
        return form

    @property
    def active(self) -> bool:
        """True when at least one filter narrows the list, or is not understood."""
        if not self.is_bound:
            return False
        if not self.form.is_valid():
            return True
        return any(value not in (None, "", [], ()) for value in self.form.cleaned_data.values())
