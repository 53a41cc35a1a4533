"""Writes on tags."""

from collections.abc import Iterable

from django.db import transaction

from restanque.accounts.models import Workspace
from restanque.directory.models import Organisation, Tag
from restanque.directory.services.saving import assign
from restanque.kit.text import search_key


@transaction.atomic
def get_or_create_tag(*, workspace: Workspace, name: str, is_brand: bool = False) -> Tag:
    """The team's tag of this name, however it is accented; created when new."""
    existing = Tag.objects.filter(workspace=workspace, name_key=search_key(name)).first()
    if existing is not None:
        return existing
    return save_tag(Tag(workspace=workspace, is_brand=is_brand), name)


def save_tag(tag: Tag, name: str) -> Tag:
    """Name a tag."""
    assign(tag, {"name": name})
    tag.full_clean()
    tag.save()
    return tag


@transaction.atomic
def tag_organisations(*, organisations: Iterable[Organisation], tag: Tag) -> int:
    """Put a tag on organisations of the same workspace; how many did not have it."""
    count = 0
    for organisation in organisations:
        if organisation.workspace_id != tag.workspace_id:
            raise ValueError("A tag belongs to one workspace.")
        if not organisation.tags.filter(pk=tag.pk).exists():
            organisation.tags.add(tag)
            count += 1
    return count


@transaction.atomic
def untag_organisations(*, organisations: Iterable[Organisation], tag: Tag) -> int:
    """Take a tag off; how many had it."""
    count = 0
    for organisation in organisations:
        if organisation.tags.filter(pk=tag.pk).exists():
            organisation.tags.remove(tag)
            count += 1
    return count
