"""Days of service from a school calendar that the team brings. The dates here are made up."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from restanque.accounts.models import Membership
from restanque.core.imports import run_import
from restanque.core.imports.services import ImportRefused, undo_run
from restanque.directory.services import canteen_for_whole_commune
from restanque.supply.importers.school import read_day
from restanque.supply.models import Need, NeedSource, SchoolBreak
from restanque.supply.nomenclature import BreadClass
from restanque.supply.school import Break, school_years, service_days
from restanque.supply.services import needs, school
from restanque.territories.models import Territory
from tests.conftest import client_of
from tests.supply.conftest import TODAY, mairie_of

#: Monday 1 September 2025 to Friday 3 July 2026, four breaks of two weeks: invented.
MADE_UP = [
    Break(date(2025, 7, 5), date(2025, 9, 1), "Été"),
    Break(date(2025, 10, 18), date(2025, 11, 3), "Toussaint"),
    Break(date(2025, 12, 20), date(2026, 1, 5), "Noël"),
    Break(date(2026, 2, 14), date(2026, 3, 2), "Hiver"),
    Break(date(2026, 4, 11), date(2026, 4, 27), "Printemps"),
    Break(date(2026, 7, 4), None, "Été"),
]
CSV = """Description;Population;Date de début;Date de fin;Académies;Zones;annee_scolaire
Vacances d'Été;-;2025-07-04T22:00:00+00:00;2025-08-31T22:00:00+00:00;Aix-Marseille;Zone B;2024-2025
Vacances d'Été;-;2025-07-04T22:00:00+00:00;2025-08-31T22:00:00+00:00;Nice;Zone B;2024-2025
Vacances de la Toussaint;-;2025-10-17T22:00:00+00:00;2025-11-02T23:00:00+00:00;Nice;Zone B;2025-2026
Vacances de la Toussaint;-;2025-10-17T22:00:00+00:00;2025-11-02T23:00:00+00:00;Lyon;Zone A;2025-2026
Rentrée;Enseignants;2025-08-29T22:00:00+00:00;2025-08-31T22:00:00+00:00;Nice;Zone B;2025-2026
Vacances d'Hiver;Élèves;14/02/2026;02/03/2026;Nice;Zone B;2025-2026
Vacances de Noël;-;20/12/2025;;Nice;Zone B;2025-2026
Vacances de Printemps;-;11/04/2026;27/04/2025;Nice;Zone B;2025-2026
Vacances de carnaval;-;14/02/2026;19/02/2026;Cayenne;Guadeloupe;2025-2026
Début des Vacances d'Été;-;04/07/2026;04/07/2026;Nice;Zone B;2025-2026
"""
ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
    "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20251018\r\nDTEND;VALUE=DATE:20251103\r\n"
    "SUMMARY:Vacances de la \r\n Toussaint - Zone B\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nDTSTART:20251219T230000Z\r\nDTEND:20260104T230000Z\r\n"
    "SUMMARY:Vacances de Noël\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260207\r\nDTEND;VALUE=DATE:20260223\r\n"
    "SUMMARY:Vacances d’Hiver - Zone A\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.mark.parametrize(
    "text", ["9999-12-31T23:30:00+00:00", "0001-01-01T00:00:00+09:00", "9999-12-31"]
)
def test_a_moment_out_of_the_calendar_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="«"):
        read_day(text)


class TestCounting:
    def test_the_days_of_a_year_without_breaks_nor_public_holidays(self) -> None:
        (year,) = school_years(MADE_UP)
        assert year.label == "2025-2026"
        days = service_days(year, MADE_UP, "4")
        # 44 weeks from 1 September to 3 July, 4 days each: 176; 8 weeks of breaks take 32; of the
        # public holidays outside them, Easter Monday falls on 6 April 2026, 11 November on a
        # Tuesday, 1 and 8 May on Fridays, Ascension (14 May) on a Thursday, Whit Monday 25 May.
        assert days.breaks == 32
        assert days.holidays == 6
        assert days.days == 176 - 32 - 6
        assert date(2026, 5, 14) in days.holiday_dates

    def test_a_half_wednesday_counts_for_half(self) -> None:
        (year,) = school_years(MADE_UP)
        four, half, five = (service_days(year, MADE_UP, one) for one in ("4", "4.5", "5"))
        assert half.days - four.days == pytest.approx((five.days - four.days) / 2)
        assert five.days - four.days == 44 - 8
        assert half.whole == 156

    def test_a_year_needs_its_two_summers(self) -> None:
        assert school_years(MADE_UP[1:]) == []
        assert school_years(MADE_UP[:-1]) == []
        far = [MADE_UP[0], Break(date(2027, 7, 3), None)]
        assert school_years(far) == []  # a summer is missing between the two

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("18/10/2025", date(2025, 10, 18)),
            ("2025-10-18", date(2025, 10, 18)),
            ("2025-10-17T22:00:00+00:00", date(2025, 10, 18)),
            ("2025-11-02T23:00:00Z", date(2025, 11, 3)),
            ("18 octobre 2025", date(2025, 10, 18)),
        ],
    )
    def test_days_are_read_however_they_are_written(self, text: str, day: date) -> None:
        assert read_day(text) == day


@pytest.fixture
def context(territory: Territory) -> dict[str, Any]:
    """The choices beside the file."""
    return {"territory": str(territory.pk), "zone": "B", "source": "fichier d’essai"}


def bring(territory: Territory, context: dict[str, Any], data: str, name: str = "c.csv") -> Any:
    return run_import(
        kind="school-calendar",
        data=data.encode(),
        filename=name,
        workspace=territory.workspace,
        dry_run=False,
        context=context,
    )


class TestImport:
    def test_the_official_csv_gives_the_breaks_of_the_zone_and_names_the_rest(
        self, territory: Territory, context: dict[str, Any]
    ) -> None:
        run = bring(territory, context, CSV)
        kept = {(b.starts_on, b.resumes_on) for b in SchoolBreak.objects.all()}
        assert kept == {
            (date(2025, 7, 5), date(2025, 9, 1)),
            (date(2025, 10, 18), date(2025, 11, 3)),
            (date(2026, 2, 14), date(2026, 3, 2)),
            (date(2026, 7, 4), None),
        }
        problems = {row.number: row.problem for row in run.rows.filter(action="error")}
        assert "Reprise" in problems[8]
        assert "Vérifiez les deux dates" in problems[9]
        skipped = {row.number: row.summary for row in run.rows.filter(action="skip")}
        assert set(skipped) == {3, 5, 6, 10}
        assert "zone A" in skipped[5]
        assert "enseignants" in skipped[6]
        one = SchoolBreak.objects.get(starts_on="2025-10-18")
        assert (one.source, one.checked) == ("fichier d’essai", False)

    def test_an_ics_file_is_read_too(self, territory: Territory, context: dict[str, Any]) -> None:
        bring(territory, context, ICS, "Zone-B.ics")
        assert {(b.name, b.starts_on, b.resumes_on) for b in SchoolBreak.objects.all()} == {
            ("Vacances de la Toussaint - Zone B", date(2025, 10, 18), date(2025, 11, 3)),
            ("Vacances de Noël", date(2025, 12, 20), date(2026, 1, 5)),
        }

    def test_an_ics_file_without_dates_is_refused(
        self, territory: Territory, context: dict[str, Any]
    ) -> None:
        with pytest.raises(ImportRefused, match="aucune date"):
            bring(territory, context, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "vide.ics")

    def test_undoing_puts_back_what_was_there_unless_somebody_checked_it(
        self, territory: Territory, context: dict[str, Any]
    ) -> None:
        first = bring(territory, context, ICS, "Zone-B.ics")
        again = bring(territory, context, ICS.replace("DATE:20251103", "DATE:20251104"), "z.ics")
        assert SchoolBreak.objects.get(starts_on="2025-10-18").resumes_on == date(2025, 11, 4)
        undo_run(run=again)
        assert SchoolBreak.objects.get(starts_on="2025-10-18").resumes_on == date(2025, 11, 3)
        school.check_calendar(territory=territory, zone="B", checked=True)
        with pytest.raises(ImportRefused, match="vérifiées"):
            undo_run(run=first)


@pytest.fixture
def calendar(territory: Territory) -> Territory:
    """The made-up calendar of zone B."""
    for one in MADE_UP:
        school.save_break(
            territory=territory,
            zone="B",
            name=one.name,
            starts_on=one.starts_on,
            resumes_on=one.resumes_on,
            source="fichier d’essai",
            today=TODAY,
        )
    return territory


def need_of(territory: Territory, code: str, **fields: Any) -> Need:
    return needs.create_need(
        territory=territory,
        canteen=canteen_for_whole_commune(organisation=mairie_of(territory.workspace, code)),
        today=TODAY,
        bread_class=BreadClass.COURANT,
        kg_per_day=10,  # type: ignore[typeddict-item]
        **fields,
    )


class TestGivingDays:
    def test_only_needs_whose_days_nobody_told_receive_them(
        self, calendar: Territory, alice: Membership
    ) -> None:
        silent, told = need_of(calendar, "13108"), need_of(calendar, "13100", days_per_year=120)
        client = client_of(alice)
        page = client.get(reverse("supply:calendar", args=[calendar.pk])).content.decode()
        assert "À vérifier" in page
        assert "138,0" in page
        url = reverse("supply:calendar-fill", args=[calendar.pk])
        client.post(url, {"zone": "B", "year": "2025-2026", "rhythm": "4"})
        silent.refresh_from_db()
        told.refresh_from_db()
        assert silent.days_per_year == 138
        assert "à vérifier" in silent.days_basis
        assert (told.days_per_year, told.days_basis) == (120, "")
        client.post(
            reverse("supply:calendar-check", args=[calendar.pk]), {"zone": "B", "checked": "1"}
        )
        client.post(url, {"zone": "B", "year": "2025-2026", "rhythm": "5"})
        silent.refresh_from_db()
        assert silent.days_per_year == 174
        assert "à vérifier" not in silent.days_basis
        assert "174 par an" in client.get(silent.get_absolute_url()).content.decode()

    def test_days_typed_since_take_the_calendar_s_place(self, calendar: Territory) -> None:
        need = need_of(calendar, "13108")
        year = school_years(MADE_UP)[0]
        days = service_days(year, MADE_UP, "4")
        assert school.fill_days(territory=calendar, zone="B", days=days) == 1
        need.refresh_from_db()
        needs.update_need(need=need, today=TODAY, days_per_year=150)
        need.refresh_from_db()
        assert (need.days_per_year, need.days_basis) == (150, "")
        assert school.fill_days(territory=calendar, zone="B", days=days) == 0

    def test_a_year_that_is_not_there_is_refused(
        self, calendar: Territory, alice: Membership
    ) -> None:
        answer = client_of(alice).post(
            reverse("supply:calendar-fill", args=[calendar.pk]),
            {"zone": "B", "year": "2031-2032", "rhythm": "4"},
            follow=True,
        )
        assert "pas entière" in answer.content.decode()


class TestMealsAndPortion:
    def test_the_register_s_meals_and_a_portion_make_a_need(
        self, territory: Territory, alice: Membership
    ) -> None:
        canteen = canteen_for_whole_commune(
            organisation=mairie_of(territory.workspace, "13108"), daily_meal_count=200
        )
        client_of(alice).post(
            reverse("supply:need-create", args=[territory.pk]),
            {"canteen": canteen.pk, "bread_class": "bio", "portion_g": "60", "active": "on"},
        )
        need = Need.objects.get()
        assert (need.kg_per_day, need.source) == (12, NeedSource.REGISTER)
        assert "200 repas par jour (registre ma-cantine) × 60 g" in need.basis
        assert not need.portion_differs

    def test_meals_typed_come_first_and_are_the_team_s(self, territory: Territory) -> None:
        canteen = canteen_for_whole_commune(
            organisation=mairie_of(territory.workspace, "13108"), daily_meal_count=200
        )
        need = needs.need_from_meals(
            territory=territory,
            canteen=canteen,
            portion_g=50,
            today=TODAY,
            bread_class="courant",
            meals_per_day=100,
        )
        assert (need.kg_per_day, need.source) == (5, NeedSource.TYPED)

    def test_without_meals_nor_kilos_the_form_says_what_is_missing(
        self, territory: Territory, alice: Membership
    ) -> None:
        canteen = canteen_for_whole_commune(organisation=mairie_of(territory.workspace, "13108"))
        client = client_of(alice)
        url = reverse("supply:need-create", args=[territory.pk])
        sent = {"canteen": canteen.pk, "bread_class": "bio"}
        assert "la portion servie" in client.post(url, sent).content.decode()
        assert "Repas inconnus" in client.post(url, {**sent, "portion_g": "60"}).content.decode()
        with pytest.raises(ValidationError):
            needs.need_from_meals(
                territory=territory, canteen=canteen, portion_g=50, today=TODAY, bread_class="bio"
            )

    def test_a_portion_that_does_not_fit_the_kilos_is_shown(
        self, territory: Territory, alice: Membership
    ) -> None:
        need = need_of(territory, "13108", meals_per_day=100, portion_g=40)
        assert need.portion_differs  # 100 g by meal against 40
        page = client_of(alice).get(need.get_absolute_url()).content.decode()
        assert "ne s’accordent pas" in page
