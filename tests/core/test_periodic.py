"""Regular work: on time, once, by one process, and not stopped by a failure."""

from datetime import timedelta

import pytest
from django.utils import timezone

from restanque.core import periodic
from restanque.core.models import PeriodicRun

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other passage than the test's."""
    monkeypatch.setattr(periodic, "_passages", {})


def test_a_passage_runs_once_then_waits_for_its_hour(alone: None) -> None:
    ran: list[int] = []
    periodic.register("essai", every=HOUR, function=lambda: ran.append(1))

    assert periodic.run_due() == ["essai"]
    assert periodic.run_due() == []
    PeriodicRun.objects.update(next_at=timezone.now() - timedelta(days=3))
    assert periodic.run_due() == ["essai"]
    assert periodic.run_due() == []  # missed hours are made up once

    assert len(ran) == 2
    assert PeriodicRun.objects.get(name="essai").next_at > timezone.now()


def test_two_workers_do_not_run_the_same_passage(alone: None) -> None:
    ran: list[str] = []

    def while_the_other_looks() -> None:
        ran.append("one")
        PeriodicRun.objects.update(next_at=timezone.now())
        assert periodic.run_due() == []

    periodic.register("essai", every=HOUR, function=while_the_other_looks)
    periodic.run_due()

    assert ran == ["one"]


def test_a_failure_is_kept_and_does_not_stop_the_others(alone: None) -> None:
    ran: list[int] = []

    def fail() -> None:
        raise RuntimeError("details")

    periodic.register("a", every=HOUR, function=fail)
    periodic.register("b", every=HOUR, function=lambda: ran.append(1))

    assert periodic.run_due() == ["a", "b"]
    assert (periodic.last_error("a"), ran) == ("RuntimeError", [1])


def test_a_hold_excludes_the_others_until_released() -> None:
    with periodic.hold("essai", span=HOUR) as mine:
        assert mine is not None
        with periodic.hold("essai", span=HOUR) as theirs:
            assert theirs is None
        assert mine.renew()
    with periodic.hold("essai", span=HOUR) as again:
        assert again is not None


def test_a_dead_holder_is_not_waited_for_for_ever() -> None:
    with periodic.hold("essai", span=HOUR) as dead:
        assert dead is not None
        PeriodicRun.objects.update(held_until=timezone.now() - timedelta(seconds=1))
        with periodic.hold("essai", span=HOUR) as mine:
            assert mine is not None
            assert not dead.renew()
