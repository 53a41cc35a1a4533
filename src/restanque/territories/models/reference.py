"""The reference data of France: global, read-only, written by `reference.load` alone.

Keys are the official ones (INSEE code, SIREN), so a foreign key holds a code that people know.
"""

from typing import Self

from django.db import models
from django.db.models import Case, Q, Value, When

from restanque.kit.text import search_key, search_words
from restanque.territories.hours import hours_lines
from restanque.territories.sizes import SizeClass, size_class


class Region(models.Model):
    """A région, or an overseas collectivity without région."""

    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=60)

    class Meta:
        verbose_name = "région"
        ordering = ("name", "code")

    def __str__(self) -> str:
        return self.name


class Departement(models.Model):
    """A département, or an overseas collectivity."""

    code = models.CharField("code", max_length=3, primary_key=True)
    name = models.CharField("nom", max_length=60)
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="departements", verbose_name="région"
    )

    class Meta:
        verbose_name = "département"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class EpciKind(models.TextChoices):
    """Nature of an intercommunalité with its own taxes."""

    CC = "CC", "communauté de communes"
    CA = "CA", "communauté d’agglomération"
    CU = "CU", "communauté urbaine"
    METRO = "METRO", "métropole"
    MET69 = "MET69", "métropole de Lyon"


class Epci(models.Model):
    """An EPCI à fiscalité propre."""

    siren = models.CharField("SIREN", max_length=9, primary_key=True)
    name = models.CharField("nom", max_length=200)
    name_key = models.CharField(max_length=200, editable=False, db_index=True)
    kind = models.CharField("nature", max_length=5, choices=EpciKind)
    # A dissolved EPCI stays when a later vintage is loaded: records may point to it.
    is_current = models.BooleanField("en vigueur", default=True)

    class Meta:
        verbose_name = "EPCI"
        verbose_name_plural = "EPCI"
        ordering = ("name_key", "siren")

    def __str__(self) -> str:
        return self.name


class CommuneQuerySet(models.QuerySet["Commune"]):
    """Named questions on communes."""

    def current(self) -> Self:
        """Those of the vintage in force."""
        return self.filter(is_current=True)

    def search(self, text: str) -> Self:
        """Those whose name holds each word typed (accents aside), or whose code begins so.

        INSEE code and postal code both count. The exact name comes first, then names that begin
        with the text, the most populated first. Nothing when nothing is typed.
        """
        key = search_key(text)
        if not key:
            return self.none()
        by_name = Q()
        for word in search_words(text):
            by_name &= Q(name_key__contains=word)
        code = "".join(text.split()).upper()
        by_code = Q(code__startswith=code) | Q(postal_codes__contains=code)
        wanted = by_name | by_code if code[0].isdigit() and len(code) > 1 else by_name
        rank = Case(
            When(name_key=key, then=Value(0)),
            When(code=code, then=Value(0)),
            When(name_key__startswith=key, then=Value(1)),
            default=Value(2),
        )
        return (
            self.current()
            .filter(wanted)
            .order_by(rank, models.F("population").desc(nulls_last=True), "name_key", "code")
        )

    def in_size_class(self, size: SizeClass) -> Self:
        """Those whose population is known and in the class."""
        found = self.filter(population__gte=size.lower)
        return found if size.upper is None else found.filter(population__lte=size.upper)


class Commune(models.Model):
    """A commune of the Code officiel géographique.

    `longitude`/`latitude` is the point that stands for it (the town hall when it falls in the
    commune, else a point inside); `area_km2` is computed from the simplified contour.
    """

    class PointKind(models.TextChoices):
        """Where the reference point comes from."""

        TOWN_HALL = "town_hall", "mairie"
        INTERIOR = "interior", "point intérieur au contour"

    code = models.CharField("code INSEE", max_length=5, primary_key=True)
    name = models.CharField("nom", max_length=60)
    name_key = models.CharField(max_length=60, editable=False, db_index=True)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    departement = models.ForeignKey(
        Departement, models.PROTECT, related_name="communes", verbose_name="département"
    )
    epci = models.ForeignKey(
        Epci,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="communes",
        verbose_name="EPCI",
    )
    postal_codes = models.CharField("codes postaux", max_length=200, blank=True)
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)
    area_km2 = models.FloatField("superficie du contour (km²)", null=True, blank=True)
    centroid_longitude = models.FloatField("longitude du centroïde", null=True, blank=True)
    centroid_latitude = models.FloatField("latitude du centroïde", null=True, blank=True)
    longitude = models.FloatField("longitude", null=True, blank=True)
    latitude = models.FloatField("latitude", null=True, blank=True)
    point_kind = models.CharField("nature du point", max_length=9, choices=PointKind, blank=True)
    is_current = models.BooleanField("en vigueur", default=True)

    objects = CommuneQuerySet.as_manager()

    class Meta:
        verbose_name = "commune"
        ordering = ("name_key", "code")
        constraints = (
            models.CheckConstraint(
                name="territories_commune_point_whole",
                condition=Q(longitude__isnull=True, latitude__isnull=True, point_kind="")
                | (Q(longitude__isnull=False, latitude__isnull=False) & ~Q(point_kind="")),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def size_class(self) -> SizeClass | None:
        """Its size class, or None when its population is unknown."""
        return size_class(self.population)

    @property
    def postal_code_list(self) -> list[str]:
        """Its postal codes, smallest first."""
        return self.postal_codes.split()


class TownHall(models.Model):
    """A town hall as the directory of the administration describes it; blank means unknown."""

    commune = models.OneToOneField(
        Commune, models.CASCADE, primary_key=True, related_name="town_hall", verbose_name="commune"
    )
    address = models.TextField("adresse", blank=True)
    telephone = models.CharField("téléphone", max_length=14, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    website = models.URLField("site", max_length=300, blank=True)
    opening_hours = models.CharField("horaires", max_length=600, blank=True)

    class Meta:
        verbose_name = "mairie"
        ordering = ("commune_id",)

    def __str__(self) -> str:
        return f"Mairie · {self.commune}"

    def hours_lines(self) -> list[str]:
        """Opening hours in French, one line a span of days; empty when unknown."""
        return hours_lines(self.opening_hours)


class CommuneStatistics(models.Model):
    """Population by age class and dwellings (INSEE, recensement 2021)."""

    commune = models.OneToOneField(
        Commune, models.CASCADE, primary_key=True, related_name="statistics", verbose_name="commune"
    )
    population_2021 = models.PositiveIntegerField("population 2021")
    age_0_19 = models.PositiveIntegerField("0 à 19 ans")
    age_20_64 = models.PositiveIntegerField("20 à 64 ans")
    age_65_plus = models.PositiveIntegerField("65 ans et plus")
    dwellings = models.PositiveIntegerField("logements")
    main_residences = models.PositiveIntegerField("résidences principales")
    second_homes = models.PositiveIntegerField("résidences secondaires")
    vacant_dwellings = models.PositiveIntegerField("logements vacants")
    houses = models.PositiveIntegerField("maisons")
    flats = models.PositiveIntegerField("appartements")

    class Meta:
        verbose_name = "statistiques communales"
        verbose_name_plural = "statistiques communales"
        ordering = ("commune_id",)

    def __str__(self) -> str:
        return f"Recensement 2021 · {self.commune}"


class CommuneContour(models.Model):
    """The simplified contour of a commune: WKB, longitude and latitude, 1e-4°.

    Apart from `Commune`, so that lists never carry it.
    """

    commune = models.OneToOneField(
        Commune, models.CASCADE, primary_key=True, related_name="contour", verbose_name="commune"
    )
    wkb = models.BinaryField("contour")

    class Meta:
        verbose_name = "contour"
        ordering = ("commune_id",)

    def __str__(self) -> str:
        return f"Contour · {self.commune_id}"


class OldKind(models.TextChoices):
    """What an old code was."""

    MERGED = "merged", "ancienne commune"
    DELEGATED = "delegated", "commune déléguée"
    ASSOCIATED = "associated", "commune associée"
    ARRONDISSEMENT = "arrondissement", "arrondissement"


class OldCommune(models.Model):
    """A code or a name that is no longer a commune's, and the commune it belongs to today.

    Merged communes without a delegated commune have a code and no name in the source.
    """

    code = models.CharField("code", max_length=5, db_index=True)
    name = models.CharField("nom", max_length=60, blank=True)
    name_key = models.CharField(max_length=60, blank=True, editable=False, db_index=True)
    kind = models.CharField("nature", max_length=14, choices=OldKind)
    commune = models.ForeignKey(
        Commune, models.CASCADE, related_name="old_communes", verbose_name="commune d’aujourd’hui"
    )
    postal_codes = models.CharField("codes postaux", max_length=20, blank=True)
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)

    class Meta:
        verbose_name = "ancienne commune"
        verbose_name_plural = "anciennes communes"
        ordering = ("code", "kind")
        constraints = (
            models.UniqueConstraint(fields=("code", "kind"), name="territories_old_commune_once"),
        )

    def __str__(self) -> str:
        return self.name or self.code


class ReferenceLoad(models.Model):
    """One loading of the shipped data: the last one says what the database holds."""

    digest = models.CharField("empreinte", max_length=64)
    loaded_at = models.DateTimeField("chargées le", auto_now_add=True)

    class Meta:
        verbose_name = "chargement des données de référence"
        verbose_name_plural = "chargements des données de référence"
        ordering = ("-loaded_at", "-pk")
        get_latest_by = ("loaded_at", "pk")

    def __str__(self) -> str:
        return self.digest[:12]
