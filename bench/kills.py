"""Kills the server at random instants while respondents save; nothing acknowledged may be lost."""

import os
import signal
import threading
import time
from random import Random

from bench import instance

KILLS = int(os.environ.get("RESTANQUE_BENCH_KILLS", "200"))
WRITERS = 16
PAUSE = 0.55  # seconds between two saves of one respondent: under the flood limit
FIELD = "/data/souhaits/remarques"


class Writer(threading.Thread):
    """A respondent who saves a growing number again and again, and notes what was acknowledged."""

    def __init__(self, port: int, link: str) -> None:
        super().__init__(daemon=True)
        self.port, self.link = port, link
        self.sent = self.acknowledged = 0
        self.saves = 0
        self.stopping = False

    def run(self) -> None:
        """Save until told to stop; a broken connection is retried with a new browser."""
        from bench.robot import Robot

        robot = None
        while not self.stopping:
            try:
                if robot is None:
                    robot = Robot(self.port, {})
                    robot.get(f"{self.link}page/souhaits/")
                self._save(robot)
            except Exception:
                robot = None
                time.sleep(0.05)
            time.sleep(PAUSE)

    def _save(self, robot: object) -> None:
        import urllib.parse

        self.sent += 1
        fields = {
            "csrfmiddlewaretoken": robot.cookies["csrftoken"],
            "action": "refresh",
            FIELD: str(self.sent),
        }
        url = f"{self.link}page/souhaits/"
        number = self.sent
        _, _, status = robot.request("POST", url, urllib.parse.urlencode(fields))
        if status == 200:
            self.acknowledged = number
            self.saves += 1


def main() -> int:
    """1 as soon as an acknowledged save is missing after a restart."""
    instance.prepare()
    people = instance.build_campaign(WRITERS)
    begin_drafts()
    port = instance.free_port()
    rng = Random(7)
    process = instance.start_server(port)
    writers = [Writer(port, link) for link, _, _ in people]
    for writer in writers:
        writer.start()
    losses: list[str] = []
    for _ in range(KILLS):
        time.sleep(rng.uniform(0.15, 1.2))
        instance.stop(process, signal.SIGKILL)
        # What was acknowledged before the database is read, and what it holds now.
        acknowledged = {writer.link: writer.acknowledged for writer in writers}
        losses += lost(acknowledged)
        process = instance.start_server(port)
    for writer in writers:
        writer.stopping = True
    instance.stop(process, signal.SIGTERM)
    saves = sum(writer.saves for writer in writers)
    print(
        f"{KILLS} kills (SIGKILL of the process group), {saves} saves acknowledged, "
        f"{len(losses)} lost; {integrity()}"
    )
    for line in losses[:10]:
        print(f"  {line}")
    return 1 if losses or not saves else 0


def begin_drafts() -> None:
    """Each respondent has said that the commune has a canteen: the last page is then asked."""
    from restanque.surveys.models import Invitation
    from restanque.surveys.services import answers

    for invitation in Invitation.objects.select_related("campaign__version"):
        answers.save_answers(invitation=invitation, values={"/data/restauration/a_cantine": "oui"})


def lost(acknowledged: dict[str, int]) -> list[str]:
    """The acknowledged numbers that are above what the database holds."""
    from django.db import connection
    from django.utils import timezone

    from restanque.surveys.models import Response
    from restanque.surveys.sessions import session_of

    connection.close()
    found = []
    kept = {}
    for response in Response.objects.select_related("version"):
        value = session_of(response, now=timezone.now()).value(FIELD)
        kept[response.invitation_id] = int(value or 0)
    for link, number in acknowledged.items():
        invitation = int(link.split("/")[2].split("-")[0])
        if kept[invitation] < number:
            found.append(f"invitation {invitation}: {number} acknowledged, {kept[invitation]} kept")
    connection.close()
    return found


def integrity() -> str:
    """SQLite's own check of the file."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        return f"integrity check: {cursor.fetchone()[0]}"
