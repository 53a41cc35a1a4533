"""200 respondents at once, from the link to the receipt, on SQLite through the real server."""

import threading
import time
from collections import Counter

from bench import instance
from bench.machine import percentile

RESPONDENTS = 200


def main() -> int:
    """Print throughput and delays; 1 when an answer is missing or differs from what was sent."""
    instance.prepare()
    people = instance.build_campaign(RESPONDENTS)
    typed = instance.typed_answers(people)
    port = instance.free_port()
    with instance.server(port):
        robots, failures, seconds = run(port, people, typed)
    return report(robots, failures, seconds) or compare(people, typed)


def run(port: int, people: list, typed: list) -> tuple[list, list[str], float]:
    """All respondents start together; each walks at full speed."""
    from bench.robot import Robot

    robots = [Robot(port, answers) for answers in typed]
    failures: list[str] = []
    together = threading.Barrier(len(robots) + 1)

    def walk(robot: Robot, link: str) -> None:
        together.wait()
        try:
            robot.walk(link)
        except Exception as error:
            failures.append(f"{type(error).__name__}: {error}")

    threads = [
        threading.Thread(target=walk, args=(robot, person[0]))
        for robot, person in zip(robots, people, strict=True)
    ]
    for thread in threads:
        thread.start()
    together.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return robots, failures, time.perf_counter() - began


def report(robots: list, failures: list[str], seconds: float) -> int:
    """Figures of the run; 1 when somebody could not finish."""
    times = [delay for robot in robots for delay in robot.times]
    posts = sum(robot.posts for robot in robots)
    print(f"{len(robots)} respondents, {len(times)} requests ({posts} saves) in {seconds:.1f} s")
    print(f"throughput {len(times) / seconds:.0f} requests/s, {posts / seconds:.0f} saves/s")
    print(
        f"delay with all at once: median {percentile(times, 0.5):.2f} s, "
        f"p95 {percentile(times, 0.95):.2f} s, longest {max(times):.2f} s"
    )
    for what, count in Counter(failures).most_common(5):
        print(f"  {count} × {what}")
    return 1 if failures else 0


def compare(people: list, typed: list) -> int:
    """Every value sent is in the database, as the very text or number; 1 otherwise."""
    from restanque.surveys.models import Response

    answers = {r.invitation_id: r for r in Response.objects.filter(status="submitted")}
    differences = []
    values = 0
    for (link, _, _), sent in zip(people, typed, strict=True):
        invitation = int(link.split("/")[2].split("-")[0])
        kept = answers[invitation].flat if invitation in answers else {}
        for path, text in sent.items():
            values += 1
            stored = kept.get(_key(path, kept))
            if not same(stored, text):
                differences.append(f"{invitation} {path}: sent {text!r}, kept {stored!r}")
    print(f"{len(answers)} answers kept, {values} values compared, {len(differences)} differ")
    for line in differences[:10]:
        print(f"  {line}")
    return 1 if differences or len(answers) != len(people) else 0


def _key(path: str, kept: dict[str, str]) -> str:
    return path if path in kept else path.replace("[1]", "")


def same(stored: str | None, sent: str) -> bool:
    """Equal as texts, as sets of choices, or as numbers."""
    if stored is None:
        return False
    if stored == sent or sorted(stored.split()) == sorted(sent.split()):
        return True
    try:
        return float(stored) == float(sent)
    except ValueError:
        return False
