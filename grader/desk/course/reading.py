"""A class as its `course.toml` and its checkout's say it together: read, laid over each other, checked, made typed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import grader
from grader.desk.course.course import FACTS, Course, Notebook, Week
from grader.desk.course.deadlines import Extension, LateRule
from grader.desk.course.decisions import read_decisions
from grader.desk.course.exercise_points import cells_of, meant, names_of
from grader.desk.course.final_mark import FinalMark, FormulaError
from grader.desk.course.messages import REMEDY, heading, shown
from grader.desk.course.names import NoSuchWeek, did_you_mean, nearest, week_called
from grader.desk.course.roster import ROSTER, folded, read_people
from grader.desk.course.schema import CourseTable, LateTable, Table, WeekTable
from grader.desk.course.sources import Clock, Source, Sources, laid_over
from grader.desk.course.toml_file import Keys
from grader.desk.errors import DeskError
from grader.sandbox.walls.limits import Limits

# The first is part of the second, so it cannot be larger.
_PARTS = (
    ("cell_seconds", "submission_seconds"),
    ("question_seconds", "submission_seconds"),
    ("file_mb", "tmp_mb"),
)


def read_course(root: Path | str) -> Course:
    """The class whose folder is `root`: see `load_course`. Raises `DeskError` that names lines."""
    root = Path(root).expanduser().resolve()
    if not root.is_dir():
        raise DeskError(f"There is no course folder {root}.", "Create it, or name another one with --course DIR.")
    own = Source.read(root / FACTS) if _is_there(root / FACTS) else None
    repo = root if own and own.says.given("weeks") else _checkout(root, own)
    sources = Sources(own, own if own and repo == root else Source.read(repo / FACTS))
    _each_in_its_place(sources)
    course = _course(root, repo, sources)
    if sources.wrong:
        raise DeskError("\n".join(dict.fromkeys(sources.wrong)), REMEDY)
    return course


def _is_there(path: Path) -> bool:
    """A link that leads nowhere is there, too: what it should say must not be left out in silence."""
    return path.is_symlink() or path.exists()


def _checkout(root: Path, own: Source | None) -> Path:
    """The checkout a separate course folder belongs to."""
    named = own.says.course.checkout if own else None
    repo = (root / Path(named).expanduser()).resolve() if named else Path(grader.__file__).resolve().parents[1]
    if not (repo / FACTS).exists():
        place = own.toml.place(("course", "checkout")) if own else root
        raise DeskError(
            f"{place}: this course folder does not say where the course's notebooks and solutions are: "
            f"no {FACTS} in {repo}.",
            f'Write `[course]` and `checkout = "PATH"` into {root / FACTS}, PATH being the checkout of the course.',
        )
    return repo


def _each_in_its_place(sources: Sources) -> None:
    """What belongs into one of the two files is not in the other; what the checkout must say, it says."""
    checkout = sources.checkout
    path = checkout.toml.path
    if not checkout.says.weeks:
        sources.wrong.append(f"{path} lists no week: add [[weeks]] with `folder`, and [[weeks.notebooks]] below it.")
    if all(source.says.course.repository is None for source in sources.both):
        sources.wrong.append(f"{checkout.toml.place(['course'])}: [course] lacks 'repository'.")
    if checkout.says.course.checkout:
        place = checkout.toml.place(("course", "checkout"))
        sources.wrong.append(f"{place}: this file lists [[weeks]], so it is a checkout and names no other.")
    for name in checkout.says.week:
        keys = ("week", name)
        sources.wrong.append(
            f"{checkout.toml.place(keys)}: this file lists [[weeks]]; what {heading(keys)} says belongs there."
        )


def _course(root: Path, repo: Path, sources: Sources) -> Course:
    says = [source.says for source in sources.both]
    own, checkout = says[0], says[-1]
    table = laid_over(checkout.course, own.course)
    zone = ZoneInfo(table.time_zone)
    clock = Clock(sources, zone, any(one.course.given("time_zone") for one in says))
    weeks = _weeks(sources, clock)
    setup = laid_over(checkout.setup, own.setup)
    return Course(
        root=root,
        repo=repo,
        id=table.id,
        title=table.title or table.id,
        slug=table.repository or "",
        branch=table.branch,
        package=_package(own.course, table),
        zone=zone,
        weeks=weeks,
        limits=_limits(sources),
        late=_late(sources, zone),
        extensions=_extensions(sources, weeks, clock),
        final_mark=_final_mark(sources, weeks),
        students=laid_over(checkout.students, own.students).model_dump(exclude_none=True),
        setup_comment=setup.comment,
        setup_prints=setup.prints,
        verdicts_per_day=laid_over(checkout.watch, own.watch).verdicts_per_day,
        db_url=laid_over(checkout.gradebook, own.gradebook).db_url,
        demonstration=table.demonstration,
        quizzes_at_once=table.quizzes_at_once,
        decisions=read_decisions(root, [week.folder for week in weeks]),
    )


def _package(own: CourseTable, table: CourseTable) -> str:
    """What students install: from the class's own repository, never from the checkout's, where it has one."""
    named = own.package if own.given("repository") else table.package
    return named or f"backprop-grader @ https://github.com/{table.repository}/archive/refs/heads/{table.branch}.zip"


def _weeks(sources: Sources, clock: Clock) -> tuple[Week, ...]:
    tables = sources.checkout.says.weeks
    folders = [table.folder for table in tables]
    changed = _by_folder(sources, ["week"], sources.own.says.week if sources.own else (), folders)
    found = []
    for number, table in enumerate(tables):
        if table.folder in folders[:number]:
            sources.complain(("weeks", number, "folder"), f"the week {table.folder!r} is there twice.")
        found.append(_week(sources, clock, number, table, changed.get(table.folder)))
    return tuple(found)


def _by_folder(sources: Sources, table: Keys, names: Iterable[str], folders: Sequence[str]) -> dict[str, str]:
    """The names that a table gives to weeks, by the week's folder."""
    found: dict[str, str] = {}
    for name in names:
        keys = (*table, name)
        try:
            folder = week_called(name, folders)
        except NoSuchWeek as error:
            sources.complain(keys, str(error))
            continue
        if folder in found:
            sources.complain(keys, f"{name!r} and {found[folder]!r} are the same week, {folder}.")
        found[folder] = name
    return found


def _week(sources: Sources, clock: Clock, number: int, table: WeekTable, name: str | None) -> Week:
    """One week, with what the class's own table, called `name`, has otherwise."""
    own = sources.own.says.week[name] if sources.own and name is not None else None

    def where(key: str) -> Keys:
        return ("week", str(name), key) if own and own.given(key) else ("weeks", number, key)

    def moment(key: str) -> datetime | None:
        return clock.read(getattr(own if own and own.given(key) else table, key), where(key))

    deadline, hard = moment("deadline"), moment("hard_deadline")
    if deadline and hard and deadline > hard:
        # The one that the class itself wrote is the one to mend.
        keys, other = (where("deadline"), where("hard_deadline"))[:: 1 if where("deadline")[0] == "week" else -1]
        sources.complain(
            keys,
            f"the deadline of {table.folder}, {shown(deadline)}, is after its hard deadline, {shown(hard)} "
            f"({sources.place(other)}); after that the week is worth nothing.",
        )
    models, last, ends = moment("model_answers"), "hard_deadline" if hard else "deadline", hard or deadline
    if models and ends and models < ends:
        sources.complain(
            where("model_answers"),
            f"the model answers of {table.folder} would be shown from {shown(models)}, before its "
            f"{last.replace('_', ' ')}, {shown(ends)} ({sources.place(where(last))}).",
        )
    notebooks, points = _notebooks(sources, number, table), {}
    if own and own.exercises:
        folder = sources.checkout.toml.path.parent / table.folder
        cells = {one.name: cells_of(folder / f"{one.name}.ipynb") for one in notebooks}
        points = _exercises(sources, ("week", str(name), "exercises"), own.exercises, cells)
        notebooks = tuple(_with_sums(one, cells[one.name], points) for one in notebooks)
    week = Week(
        folder=table.folder,
        title=(own.title if own else None) or table.title or table.folder,
        deadline=deadline,
        notebooks=notebooks,
        exercises=tuple(points.items()),
        hard_deadline=hard,
        model_answers=models,
        counts=own.points if own else None,
    )
    if week.counts is not None and not week.points:
        sources.complain(
            where("points"), f"the notebooks of {table.folder} have no points that could count for {week.counts:g}."
        )
    return week


def _exercises(
    sources: Sources, table: Keys, given: Mapping[str, float], cells: Mapping[str, Mapping[str, tuple[str, float]]]
) -> dict[str, float]:
    """What `[week.NAME.exercises]` says, by `notebook/grade_id`."""
    known = [(notebook, grade_id) for notebook, some in cells.items() for grade_id in some]
    found: dict[str, float] = {}
    for written, points in given.items():
        which = meant(written, known)
        if len(which) > 1:
            sources.complain((*table, written), f"{written!r} is in several notebooks: {', '.join(which)}.")
        elif not which:
            near = did_you_mean(nearest(written, [name for pair in known for name in names_of(*pair)]))
            sources.complain((*table, written), f"{written!r} is no graded exercise of the week.{near}")
        elif not points:
            sources.complain((*table, written), f"{written} = 0: `grader drop` takes an exercise out of the sum.")
        else:
            found[which[0]] = points
    return found


def _with_sums(one: Notebook, cells: Mapping[str, tuple[str, float]], own: Mapping[str, float]) -> Notebook:
    """The notebook with what its cells add up to, those with points of the class's own among them."""
    totals = {"points": one.points, "bonus": one.bonus, "practice": one.practice}
    for grade_id, (kind, points) in cells.items():
        totals[kind] += own.get(f"{one.name}/{grade_id}", points) - points
    points, bonus, practice = (round(total, 9) for total in totals.values())
    return replace(one, points=points, bonus=bonus, practice=practice)


def _notebooks(sources: Sources, number: int, table: WeekTable) -> tuple[Notebook, ...]:
    names = [notebook.name for notebook in table.notebooks]
    for place, name in enumerate(names):
        if name in names[:place]:
            keys = ("weeks", number, "notebooks", place, "name")
            sources.complain(keys, f"the notebook {name!r} is there twice in {table.folder}.")
    return tuple(Notebook(**dict(notebook)) for notebook in table.notebooks)


def _limits(sources: Sources) -> Limits:
    says: list[Table] = [source.says.limits for source in sources.both]
    limits = Limits(**dict(laid_over(says[-1], says[0])))
    for part, whole in _PARTS:
        if getattr(limits, part) > getattr(limits, whole):
            keys = ("limits", part if says[0].given(part) else whole if says[0].given(whole) else part)
            sources.complain(
                keys,
                f"{part} = {getattr(limits, part)} is more than {whole} = {getattr(limits, whole)} "
                f"({sources.place(('limits', whole if keys[-1] == part else part))}), which it is part of.",
            )
    return limits


def _late(sources: Sources, zone: ZoneInfo) -> LateRule | None:
    """The rule of `[late]`, or None when there is none."""
    tables = [source.says.late for source in sources.both if source.says.late]
    if not tables:
        return None
    for source in sources.both:
        late = source.says.late
        if late and late.points_per_day and late.percent_per_day:
            sources.wrong.append(
                f"{source.toml.place(('late', 'percent_per_day'))}: percent_per_day stands beside points_per_day; "
                "a day costs either points or a percentage."
            )
    late = laid_over(_without_other_cost(tables[-1], tables[0]), tables[0])
    return LateRule(
        late_days=late.late_days,
        points_per_day=float(late.points_per_day),
        percent_per_day=float(late.percent_per_day),
        grace=timedelta(minutes=late.grace_minutes),
        zone=zone,
    )


def _without_other_cost(checkout: LateTable, own: LateTable) -> LateTable:
    """A class that says what a day costs says it instead of the checkout, whichever way each of the two counts."""
    costs = dict.fromkeys(("points_per_day", "percent_per_day"), 0)
    return checkout.model_copy(update=costs) if any(own.given(key) for key in costs) else checkout


def _extensions(sources: Sources, weeks: tuple[Week, ...], clock: Clock) -> dict[str, dict[str, Extension]]:
    """By student and the week's folder. Where both files extend the same week, the class's own counts."""
    by_folder = {week.folder: week for week in weeks}
    found: dict[str, dict[str, Extension]] = {}
    for source in reversed(sources.both):
        for student, given in source.says.extensions.items():
            table = ("extensions", student)
            found.setdefault(student, {}).update(
                {
                    folder: _extension(sources, clock, (*table, name), by_folder[folder], given[name])
                    for folder, name in _by_folder(sources, table, given, list(by_folder)).items()
                }
            )
    if sources.own:
        _on_the_roster(sources, sources.own)
    return found


def _extension(sources: Sources, clock: Clock, keys: Keys, week: Week, given: Extension) -> Extension:
    """One student's extension of one week: it gives more time than everybody has."""
    moment = None if isinstance(given, int) else clock.read(given, keys)
    if week.deadline is None and week.hard_deadline is None:
        sources.complain(keys, f"{week.folder} has no deadline that could be extended.")
    general = week.deadline or week.hard_deadline
    if moment and general and moment < general:
        sources.complain(
            keys,
            f"{keys[-1]} = {shown(given)} is before the deadline that everybody has, {shown(general)}; "
            "an extension gives more time.",
        )
    return moment or given


def _on_the_roster(sources: Sources, own: Source) -> None:
    """Whoever the class's own file gives more time is in the class, if there is a roster."""
    place = own.toml.path.with_name(ROSTER)
    if not own.says.extensions or not _is_there(place):
        return
    people = {person.id: person for person in read_people(place)}
    for student in own.says.extensions if people else ():
        if student not in people:
            meant = [one.id for one in people.values() if folded(student) & one.keys] or nearest(student, people)
            keys = ("extensions", student)
            sources.complain(keys, f"{heading(keys)}: {student!r} is not in {place}.{did_you_mean(meant[:2])}")


def _final_mark(sources: Sources, weeks: tuple[Week, ...]) -> FinalMark:
    most = {week.folder: week.points for week in weeks}
    scale = {week.folder: week.counts / week.points for week in weeks if week.points and week.counts is not None}
    says = [source.says.mark for source in sources.both]
    try:
        return FinalMark(laid_over(says[-1], says[0]).formula, most, scale)
    except FormulaError as error:
        known = FinalMark(None, most).known
        sources.complain(("mark", "formula"), f"formula, {shown(says[0].formula or says[-1].formula)}: {error} {known}")
        return FinalMark(None, most)
