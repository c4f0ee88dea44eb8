"""When each week was released."""

from __future__ import annotations

import json
from datetime import datetime, timezone

from grader.desk.course.facts import Course, Week
from grader.desk.files import write_atomically

RELEASES = "releases.json"


def note_release(course: Course, week: Week) -> None:
    """Keep when a week was first released, and each time since."""
    times = release_times(course)
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    times.setdefault(week.folder, []).append(now)
    write_atomically(course.desk_folder / RELEASES, json.dumps(times, indent=1))


def release_times(course: Course) -> dict[str, list[str]]:
    """When each week was released (ISO 8601, UTC), the first time first."""
    try:
        return json.loads((course.desk_folder / RELEASES).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
