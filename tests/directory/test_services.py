"""Writes: contacts, silence, the whole-commune canteen, town halls, purge."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from restanque.accounts.models import Workspace
from restanque.core import mail
from restanque.core.models import SuppressionReason
from restanque.core.purge import run_purgers
from restanque.directory import services
from restanque.directory.models import Canteen, Certification, Contact, Organisation, Tag
from restanque.directory.nomenclature import Kind, Sign
from restanque.directory.reach import (
    Recipient,
    find_by_phone,
    phones_for,
    recipients_by_organisation,
    recipients_for,
)
from restanque.territories.models import Commune, Territory
from tests.directory.conftest import TODAY

Make = Callable[..., Organisation]
PERSON: dict[str, Any] = {"purpose": "enquête pain", "purge_on": date(2029, 1, 1)}


def test_values_are_kept_in_one_form(make: Make) -> None:
    organisation = make(
        "  Boulangerie   de l’Étoile ", phone="+33 4 90 00 00 00", email=" Fournil@Exemple.FR "
    )
    assert organisation.name == "Boulangerie de l’Étoile"
    assert organisation.name_key == "boulangerie de l etoile"
    assert organisation.phone == "04 90 00 00 00"
    assert organisation.email == "fournil@exemple.fr"


def test_history_keeps_the_reason(mairie: Organisation) -> None:
    services.update_organisation(organisation=mairie, phone="04 90 00 00 01", reason="appel")
    newest = mairie.history.first()
    assert newest is not None
    assert (newest.history_change_reason, newest.phone) == ("appel", "04 90 00 00 01")


class TestRecipients:
    def test_contacts_come_before_the_generic_address(self, mairie: Organisation) -> None:
        assert recipients_for(mairie) == [Recipient("Mairie d’Arles", "mairie@arles.fr", False)]
        services.add_contact(
            organisation=mairie, full_name="Jeanne", email="Jeanne@arles.fr", **PERSON
        )
        assert recipients_for(mairie) == [Recipient("Jeanne", "jeanne@arles.fr", True)]

    def test_who_asked_for_silence_is_left_alone(self, mairie: Organisation) -> None:
        services.add_contact(
            organisation=mairie,
            full_name="Jeanne",
            email="mairie@arles.fr",
            do_not_contact=True,
            do_not_contact_on=TODAY,
            **PERSON,
        )
        # The generic address is that of the person who refused: silence wins.
        assert recipients_for(mairie) == []

    def test_an_archived_or_silent_organisation_receives_nothing(
        self, mairie: Organisation
    ) -> None:
        services.archive_organisation(organisation=mairie)
        assert recipients_for(mairie) == []
        assert phones_for(mairie) == []
        services.restore_organisation(organisation=mairie)
        services.update_organisation(
            organisation=mairie, do_not_contact=True, do_not_contact_on=TODAY
        )
        assert recipients_for(mairie) == []

    def test_an_address_the_outbox_refuses_gives_way_to_the_generic_one(
        self, mairie: Organisation
    ) -> None:
        services.add_contact(
            organisation=mairie, full_name="Jeanne", email="jeanne@arles.fr", **PERSON
        )
        mail.suppress_address(
            workspace=mairie.workspace, email="jeanne@arles.fr", reason=SuppressionReason.BOUNCED
        )
        assert [r.email for r in recipients_for(mairie)] == ["mairie@arles.fr"]

    def test_many_take_two_queries(
        self, make: Make, django_assert_num_queries: Any, mairie: Organisation
    ) -> None:
        others = [make(f"Boulangerie {n}", email=f"b{n}@exemple.fr") for n in range(5)]
        with django_assert_num_queries(2):
            found = recipients_by_organisation([mairie, *others])
        assert [r[0].email for r in found.values()][1:] == [f"b{n}@exemple.fr" for n in range(5)]

    def test_phones_and_who_is_calling(self, mairie: Organisation) -> None:
        services.add_contact(organisation=mairie, full_name="Jeanne", phone="0612345678", **PERSON)
        assert [(p.name, p.number) for p in phones_for(mairie)] == [
            ("Mairie d’Arles", "04 90 49 36 36"),
            ("Jeanne", "06 12 34 56 78"),
        ]
        assert find_by_phone(mairie.workspace, "+33612345678") == [mairie]
        assert find_by_phone(mairie.workspace, "04.90.49.36.36") == [mairie]
        assert find_by_phone(mairie.workspace, "bonjour") == []


def test_silence_reaches_every_record_of_the_address(mairie: Organisation, make: Make) -> None:
    other = make("Autre", email="mairie@arles.fr")
    services.add_contact(organisation=other, full_name="Jeanne", email="mairie@arles.fr", **PERSON)
    count = services.silence_address(
        workspace=mairie.workspace, email="MAIRIE@arles.fr", on=TODAY, reason="lien du message"
    )
    assert count == 3
    contact = Contact.objects.get()
    assert (contact.do_not_contact_on, contact.do_not_contact_reason) == (
        TODAY,
        "lien du message",
    )
    assert mail.is_suppressed(mairie.workspace, "mairie@arles.fr")
    assert (
        services.silence_address(workspace=mairie.workspace, email="mairie@arles.fr", on=TODAY) == 0
    )


def test_the_outbox_follows_a_change_made_by_hand(mairie: Organisation) -> None:
    workspace, address = mairie.workspace, "jeanne@arles.fr"
    jeanne = services.add_contact(
        organisation=mairie, full_name="Jeanne", email=address, is_personal=False
    )
    twin = services.add_contact(
        organisation=mairie, full_name="Jeanne aussi", email=address, is_personal=False
    )
    silence: Any = {"do_not_contact": True, "do_not_contact_on": TODAY}
    speech: Any = {"do_not_contact": False, "do_not_contact_on": None}
    for contact in (jeanne, twin):
        services.update_contact(contact=contact, **silence)
        assert mail.is_suppressed(workspace, address)
    services.update_contact(contact=jeanne, **speech)
    assert mail.is_suppressed(workspace, address), "the twin still refuses"
    services.update_contact(contact=twin, **speech)
    assert not mail.is_suppressed(workspace, address)


def test_an_address_that_bounced_is_not_let_through_by_hand(mairie: Organisation) -> None:
    silence: Any = {"do_not_contact": True, "do_not_contact_on": TODAY}
    services.update_organisation(organisation=mairie, **silence)
    mail.lift_suppression(workspace=mairie.workspace, email=mairie.email)
    mail.suppress_address(
        workspace=mairie.workspace, email=mairie.email, reason=SuppressionReason.BOUNCED
    )
    services.update_organisation(organisation=mairie, do_not_contact=False, do_not_contact_on=None)
    assert mail.is_suppressed(mairie.workspace, mairie.email)


def test_the_whole_commune_has_one_canteen(mairie: Organisation) -> None:
    first = services.canteen_for_whole_commune(organisation=mairie, daily_meal_count=500)
    again = services.canteen_for_whole_commune(organisation=mairie, management_type="direct")
    assert first.pk == again.pk
    assert Canteen.objects.get().name == "Cantines d’Arles (ensemble)"
    assert (again.daily_meal_count, again.management_type, again.commune_id) == (
        500,
        "direct",
        "13004",
    )


def test_no_whole_commune_without_a_commune(make: Make) -> None:
    with pytest.raises(ValidationError, match="n’a pas de commune"):
        services.canteen_for_whole_commune(organisation=make("Siège", ""))


class TestTownHalls:
    def test_each_commune_receives_its_mairie_once(
        self, workspace: Workspace, aix_side: Territory
    ) -> None:
        report = services.populate_town_halls(workspace=workspace, territory=aix_side)
        assert (report.created, report.completed, report.unchanged) == (3, 0, 0)
        assert report.without_email == ("Aix-en-Provence",)
        again = services.populate_town_halls(workspace=workspace, territory=aix_side)
        assert (again.created, again.completed, again.unchanged) == (0, 0, 3)
        rove = Organisation.objects.get(commune="13088")
        assert rove.name == "Mairie du Rove"
        assert (rove.address, rove.postal_code) == ("Place de la République", "13740")
        assert rove.point == (5.25, 43.37)
        assert rove.opening_hours.startswith("Du lundi au vendredi")
        assert rove.source.startswith("DILA, annuaire de l’administration (")
        assert not rove.fictitious

    def test_what_people_wrote_is_kept(self, workspace: Workspace, arles_side: Territory) -> None:
        mairie = services.create_organisation(
            workspace=workspace,
            kind=Kind.MAIRIE,
            name="Ville d’Arles",
            commune=Commune.objects.get(pk="13004"),
            email="cantines@arles.fr",
        )
        report = services.populate_town_halls(workspace=workspace, territory=arles_side)
        assert (report.created, report.completed) == (3, 1)
        mairie.refresh_from_db()
        assert (mairie.name, mairie.email) == ("Ville d’Arles", "cantines@arles.fr")
        assert mairie.phone == "04 90 49 36 36"


class TestPurge:
    def test_a_contact_disappears_with_its_history(self, mairie: Organisation) -> None:
        gone = services.add_contact(
            organisation=mairie, full_name="Jeanne", purpose="x", purge_on=TODAY
        )
        services.update_contact(contact=gone, function="élue")
        services.add_contact(organisation=mairie, full_name="Paul", **PERSON)
        assert run_purgers(TODAY)["directory.persons"] == 1
        assert [c.full_name for c in Contact.objects.all()] == ["Paul"]
        assert [h.full_name for h in Contact.history.all()] == ["Paul"]

    def test_a_sole_trader_leaves_an_empty_record(self, make: Make) -> None:
        baker = make(
            "Fournil de Jeanne",
            siret="21130027200013",
            phone="0490000000",
            email="jeanne@exemple.fr",
            address="3 rue du Four",
            longitude=4.6,
            latitude=43.7,
            notes="marraine du projet",
            is_sole_trader=True,
            purpose="approvisionnement en pain",
            purge_on=TODAY,
        )
        services.add_certification(organisation=baker, sign=Sign.BIO)
        canteen = services.create_canteen(
            workspace=baker.workspace, name="École", organisation=baker
        )
        assert services.purge_expired(TODAY) == 1
        baker.refresh_from_db()
        assert baker.name == f"Entreprise individuelle effacée (n° {baker.pk})"
        texts = (models.CharField, models.TextField)
        written = " ".join(
            str(getattr(baker, field.attname))
            for field in baker._meta.concrete_fields
            if isinstance(field, texts)
        ).lower()
        for word in ("jeanne", "four", "0490000000", "21130027200013", "marraine"):
            assert word not in written, word
        assert baker.longitude is None
        assert baker.latitude is None
        assert not baker.active
        assert not Organisation.history.exists()
        assert not Certification.objects.exists()
        assert Canteen.objects.get().organisation == baker == canteen.organisation
        assert services.purge_expired(TODAY) == 0


def test_erasing_a_contact_erases_its_history(mairie: Organisation) -> None:
    contact = services.add_contact(organisation=mairie, full_name="Jeanne", **PERSON)
    services.delete_contact(contact=contact)
    assert not Contact.history.exists()


def test_a_tag_is_one_whatever_its_accents(workspace: Workspace, make: Make) -> None:
    tag = services.get_or_create_tag(workspace=workspace, name="Commune bénéficiaire")
    assert services.get_or_create_tag(workspace=workspace, name="commune BENEFICIAIRE") == tag
    one, two = make("Une"), make("Deux")
    assert services.tag_organisations(organisations=[one], tag=tag) == 1
    assert services.tag_organisations(organisations=[one, two], tag=tag) == 1
    assert services.untag_organisations(organisations=[one, two], tag=tag) == 2
    assert Tag.objects.count() == 1


def test_a_proof_is_checked_and_disappears_with_its_certificate(
    make: Make, django_capture_on_commit_callbacks: Any
) -> None:
    mill = make("Moulin", kind=Kind.MILL)
    with pytest.raises(ValidationError, match="type accepté"):
        services.add_certification(
            organisation=mill, sign=Sign.BIO, proof=SimpleUploadedFile("p.exe", b"MZ")
        )
    certificate = services.add_certification(
        organisation=mill, sign=Sign.BIO, proof=SimpleUploadedFile("Certificat.pdf", b"%PDF-1.7 x")
    )
    storage, name = certificate.proof.storage, certificate.proof.name
    assert certificate.proof_name == "Certificat.pdf"
    assert "Certificat" not in name
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        services.update_certification(
            certification=certificate,
            sign=Sign.HVE,
            proof=SimpleUploadedFile("Autre.pdf", b"%PDF-1.7 y"),
        )
    assert not storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        services.delete_certification(certification=certificate)
    assert not storage.exists(certificate.proof.name)
    assert not Certification.history.exists()
