"""What the command line refuses, it refuses with a sentence and leaves nothing behind."""

import sys

import pytest
from django.core.management import CommandError, call_command

from restanque import __version__
from restanque.accounts.models import Membership, Workspace
from restanque.cli.main import COMMANDS, main


@pytest.mark.django_db
def test_a_workspace_with_a_bad_address_is_not_opened() -> None:
    with pytest.raises(CommandError, match="adresse de courriel valide"):
        call_command("workspace", "create", "--name", "PETR", "--admin", "pas une adresse")
    assert not Workspace.objects.exists()


@pytest.mark.django_db
def test_two_workspaces_do_not_share_a_name() -> None:
    call_command("workspace", "create", "--name", "PETR", "--admin", "a@exemple.fr")
    with pytest.raises(CommandError, match="existe déjà"):
        call_command("workspace", "create", "--name", "PETR", "--admin", "b@exemple.fr")
    assert list(Membership.objects.values_list("user__email", flat=True)) == ["a@exemple.fr"]


@pytest.mark.django_db
def test_a_person_with_a_bad_address_is_refused() -> None:
    call_command("workspace", "create", "--name", "PETR", "--admin", "a@exemple.fr")
    with pytest.raises(CommandError, match="adresse de courriel valide"):
        call_command("user", "add", "bob", "--workspace", "petr")
    assert Membership.objects.count() == 1


def test_the_version_is_the_programs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["restanque", "--version"])
    main()
    assert capsys.readouterr().out == f"Restanque {__version__}\n"


def test_help_lists_every_command(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["restanque", "--help"])
    main()
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line[:2] == "  "]
    assert listed == list(COMMANDS)
