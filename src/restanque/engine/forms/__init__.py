"""Questionnaires in the ODK XForm dialect: conversion, lint, definition, session (README.md)."""

from restanque.engine.forms.checks import Fault
from restanque.engine.forms.conversion import Conversion, Sheet, SheetRow
from restanque.engine.forms.errors import FormError, Problem
from restanque.engine.forms.evaluate import NodeReport, evaluate_answers
from restanque.engine.forms.facts import FACTS, Fact
from restanque.engine.forms.items import Item, NodeState, PageProgress, field_id
from restanque.engine.forms.lint import lint
from restanque.engine.forms.model import Bind, Choice, Control, Form, Page, Text
from restanque.engine.forms.parse import parse_form
from restanque.engine.forms.session import Session
from restanque.engine.forms.values import normalise_number
from restanque.engine.forms.xlsform import convert_xlsform

__all__ = [
    "FACTS",
    "Bind",
    "Choice",
    "Control",
    "Conversion",
    "Fact",
    "Fault",
    "Form",
    "FormError",
    "Item",
    "NodeReport",
    "NodeState",
    "Page",
    "PageProgress",
    "Problem",
    "Session",
    "Sheet",
    "SheetRow",
    "Text",
    "convert_xlsform",
    "evaluate_answers",
    "field_id",
    "lint",
    "normalise_number",
    "parse_form",
]
