"""`grader release`."""

from __future__ import annotations

from grader.desk.shell import Told, chosen, command, course_option, say, weeks_argument

SHOWN = 8


@command("release", "grader release week01_backprop --course ~/class-of-2026")
@weeks_argument
@course_option
def release(weeks, folder, dry_run):
    """Release weeks to students: check them, enter them into the gradebook, build the student repository.

    WEEK is the name of a week's folder or its beginning; all weeks when none is named.
    """
    from grader.desk import release as releasing

    course, weeks = chosen(folder, weeks)
    done = releasing.release(course, weeks, say=lambda text: say(f"  {text}"))
    say(f"Released: {', '.join(done.weeks)}")
    for word in ("added", "changed", "removed"):
        names = getattr(done.changes, word)
        if names:
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            say(f"  {word}: {', '.join(names[:SHOWN])}{more}")
    say(f"The repository for students, ready to push: {done.repository}")
    return Told({"weeks": done.weeks, "repository": done.repository, "changes": vars(done.changes)})
