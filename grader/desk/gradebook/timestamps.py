"""`timestamp.txt`: when a submission was handed in, as nbgrader's exchange, `grader collect` or a person wrote it."""

from __future__ import annotations

import re
import stat
from datetime import datetime, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

TIMESTAMP = "timestamp.txt"
TAKEN_AS_IN_TIME = "Taken as in time: write the time into it, such as 2026-10-11 19:30:00 UTC, or delete it."
LONGEST = 200  # bytes
_TIME = re.compile(r"(\d{4}-\d\d-\d\d[ T]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?([+-]\d\d:?\d\d|[A-Za-z][\w/+-]*)?")


def parsed_timestamp(text: str | None) -> datetime | None:
    """`2026-10-11 19:30:00 UTC` in UTC, without saying so as nbgrader keeps it; None for what is no such time.

    What names no zone is in UTC, as nbgrader reads it. nbgrader reads far more: `12` as the 12th of this month, a zone
    that it does not know as UTC. That would be another time for a student, and nobody told; so it is none here.
    """
    found = _TIME.fullmatch((text or "").strip())
    if not found:
        return None
    time, zone = found[1], "UTC" if found[2] in (None, "Z") else found[2]
    try:
        if zone[0] in "+-":
            when = datetime.fromisoformat(time + zone)
        else:
            when = datetime.fromisoformat(time).replace(tzinfo=ZoneInfo(zone))
        when = when.astimezone(timezone.utc).replace(tzinfo=None)
    except (ValueError, OverflowError, KeyError, OSError):  # KeyError: no such zone; OSError: a folder of zones
        return None
    return when if 1980 < when.year < 2100 else None


def read_timestamp(folder: Path) -> tuple[str | None, str]:
    """`(text, trouble)`: the text of `timestamp.txt` if it says a time, else what is wrong with it, in words.

    Both are empty where no such file is. A pipe is not waited on and a link is not followed.
    """
    path = folder / TIMESTAMP
    try:
        facts = path.lstat()
        if not stat.S_ISREG(facts.st_mode):
            return None, f"{TIMESTAMP} is no ordinary file"
        if facts.st_size > LONGEST:
            return None, f"{TIMESTAMP} is too long"
        text = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None, ""
    except OSError as error:
        return None, f"{TIMESTAMP} cannot be read: {error.strerror}"
    except UnicodeDecodeError:
        return None, f"{TIMESTAMP} is no text"
    if parsed_timestamp(text) is None:
        return None, f"{TIMESTAMP} says no time: {text[:60]!r}"
    return text, ""
