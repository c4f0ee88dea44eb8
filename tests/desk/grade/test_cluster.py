"""A cluster grades as this machine does, and loses nothing when machines are lost."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from grader.desk.cli import main
from grader.desk.course.facts import load_course
from grader.desk.errors import DeskError
from grader.desk.grade import cluster, cluster_run, cluster_worker
from grader.desk.grade import run as grading
from grader.desk.grade.cluster_job import packed
from grader.desk.grade.results import Store
from tests.desk import machines, tiny


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """Options for programs that run in another folder and with another home than ours."""
    home = tmp_path_factory.mktemp("elsewhere")
    return {"cwd": str(home), "env": {"HOME": str(home), "TMPDIR": str(home)}}


@pytest.fixture(scope="module")
def address(elsewhere):
    """The scheduler of a cluster with two workers."""
    with machines.scheduler(**elsewhere) as (address, _), machines.workers(address, 2, **elsewhere):
        yield address


@pytest.fixture
def bare():
    """`(address, program)`: a scheduler that has no workers yet."""
    with machines.scheduler() as scheduler:
        yield scheduler


def everything(course, address, **options):
    return grading.grade(course, list(course.weeks), scheduler=address, **options)


def found(course):
    """Every kept result, the notebook's text included, but for what a clock says."""
    results = {kept.student: {**kept.whole(), "timings": None} for kept in Store(course.desk_folder).all(tiny.WEEK)}
    for outcome in (
        one for result in results.values() for part in result["parts"].values() for one in part["outcomes"]
    ):
        del outcome["seconds"]
    return {student: json.dumps(result, sort_keys=True) for student, result in results.items()}


def hand_in_many(course, number, **marked):
    """Students `s0`, `s1`, ... all right; those in `marked` have that word in a comment."""
    for student in [*(f"s{index}" for index in range(number)), *marked]:
        mark = f"# {marked.get(student, student)}\n"
        tiny.hand_in(course, student, {**tiny.RIGHT, "double": mark + tiny.RIGHT["double"]})


def points(summary):
    return {graded.student: graded.points for graded in summary.submissions}


def test_the_results_are_those_of_this_machine(graded_once, address, tmp_path):
    """Byte for byte, for right, wrong, broken and absent submissions; and the next local run has nothing to do."""
    local, _ = graded_once
    shutil.copytree(local.root.parent, tmp_path, dirs_exist_ok=True)
    course = load_course(tmp_path / "class")
    shutil.rmtree(course.desk_folder)
    os.chmod(course.root, 0o700)
    summary = everything(course, address)
    assert len(summary.submissions) == len(tiny.CLASS) and not summary.failed
    assert found(course) == found(local)
    assert not any(graded.again for graded in grading.grade(course, list(course.weeks), jobs=1).submissions)


def test_a_worker_killed_in_the_middle_loses_nothing(released, address, monkeypatch):
    """What it was at is done by another."""
    monkeypatch.setattr(grading, "grade_job", machines.slowly)
    hand_in_many(released, 6)
    killed = []

    def seen(graded):
        if not killed:
            with contextlib.closing(_client(address)) as client:
                killed.append(client.run(os.getpid).popitem()[1])
            os.kill(killed[0], signal.SIGKILL)

    summary = everything(released, address, seen=seen)
    assert killed and points(summary) == dict.fromkeys([f"s{index}" for index in range(6)], 2.5)


def _client(address):
    from distributed import Client

    return Client(address, set_as_default=False)


def test_few_jobs_are_in_memory(released, address):
    """Those that workers are at, and one more for each."""
    hand_in_many(released, 1)
    job, taken = one_job(released), []

    def jobs():
        for number in range(12):
            taken.append(number)
            yield job

    bundle = cluster.bundle_of(released, released.weeks[0], [tiny.NOTEBOOK])
    run = cluster.run(machines.slowly, jobs(), scheduler=address, bundle=bundle, seconds=60)
    next(run)
    assert len(taken) <= 2 * 2 + 1
    run.close()


def test_workers_fork_their_kernels(released, address):
    """From a preloaded process that outlives the job, as on this machine."""
    hand_in_many(released, 1)
    bundle = cluster.bundle_of(released, released.weeks[0], [tiny.NOTEBOOK])
    jobs = [one_job(released)] * 5
    answers = cluster.run(machines.tells_kernels, jobs, scheduler=address, bundle=bundle, seconds=60)
    assert max(sum(answer["kernels"]) for _, answer in answers) >= 2


def one_job(course):
    """What `grader grade` makes of the first student's notebook."""
    taken = []

    def take(function, jobs, **options):
        taken.extend(jobs)
        return iter(())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grading.pool, "run_with", take)
        grading.grade(course, list(course.weeks), jobs=1)
    return taken[0]


def test_a_job_holds_no_path_of_this_machine(released):
    hand_in_many(released, 1)
    assert str(released.root.parent).encode() not in packed(one_job(released))


def test_a_bundle_stays_inside_its_folder(tmp_path, monkeypatch):
    """In a folder that only this user may enter; no name leads out of it."""
    monkeypatch.setattr(cluster_worker.tempfile, "tempdir", str(tmp_path))
    folder = cluster_worker.unpacked({"solutions/a.py": b"1"})
    assert [folder] == list(tmp_path.iterdir())
    assert folder.stat().st_mode & 0o777 == 0o700 and (folder / "solutions/a.py").read_bytes() == b"1"
    with pytest.raises(ValueError, match="outside"):
        cluster_worker.unpacked({"../a.py": b"1"})
    assert not (tmp_path / "a.py").exists()


def test_an_unreachable_scheduler_is_told_in_time(released, monkeypatch):
    """Within ten seconds, of which the test waits for two."""
    hand_in_many(released, 1)
    assert cluster.CONNECT_SECONDS <= 8
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 2)
    started = time.monotonic()
    with pytest.raises(DeskError, match="cannot be reached"):
        everything(released, "tcp://127.0.0.1:9")
    assert time.monotonic() - started < 2 + 2


def test_other_versions_are_refused():
    """Of Python, of numpy, of the grader's own code: with both versions named."""
    ours = cluster_worker.VERSIONS
    assert cluster_worker.other_versions("The worker X", ours, ours) is None
    for name in ("python", "numpy", "grader"):
        trouble = cluster_worker.other_versions("The worker X", {**ours, name: "0.0"}, ours)
        assert f"{name} is 0.0, not {ours[name]}" in trouble.what


@pytest.mark.parametrize(
    "found, told",
    [
        ({"threads": 4}, "4 threads"),
        ({"sandbox": "no bwrap"}, "no bwrap"),
        ({"versions": {}}, "python is None"),
        (ModuleNotFoundError("No module named 'grader'"), "No module named"),
    ],
)
def test_an_unfit_worker_is_told(found, told):
    """What is wrong with it, by its address."""
    wanted = cluster_worker.VERSIONS
    good = {"versions": wanted, "threads": 1, "sandbox": ""}
    assert cluster_worker.trouble_of("tcp://a:1", good, wanted) is None
    answer = found if isinstance(found, Exception) else {**good, **found}
    trouble = cluster_worker.trouble_of("tcp://a:1", answer, wanted)
    assert told in trouble.what and "tcp://a:1" in trouble.what and trouble.remedy


def test_processes_and_a_cluster_are_not_mixed():
    done = CliRunner().invoke(main, ["grade", "--jobs", "2", "--scheduler", "tcp://127.0.0.1:9"])
    assert done.exit_code == 2 and "--jobs" in done.output


# Each of these starts machines of its own.


@pytest.mark.long
@pytest.mark.parametrize(
    "kills, told", [(machines.kills_process, "its process ended"), (machines.kills_worker, "was lost with it")]
)
def test_a_submission_that_kills_workers_is_given_up(released, address, monkeypatch, kills, told):
    """After some tries, without harm to those beside it; a person is asked to look.

    One that ends the process that grades it leaves the worker alone.
    """
    monkeypatch.setattr(grading, "grade_job", kills)
    hand_in_many(released, 5, deadly="poison")
    with contextlib.closing(_client(address)) as client:
        before = machines.pids(client)
        summary = everything(released, address)
        assert machines.pids(client) == before or kills is machines.kills_worker
    assert [graded.student for graded in summary.failed] == ["deadly"] and len(summary.submissions) == 6
    assert told in summary.failed[0].detail
    assert {graded.points for graded in summary.submissions if graded.student != "deadly"} == {2.5}


@pytest.mark.long
def test_a_submission_that_never_ends_is_given_up(released, bare, monkeypatch):
    """Its process is started anew, and goes on with the others."""
    monkeypatch.setattr(grading, "grade_job", machines.hangs)
    monkeypatch.setattr(grading, "TRIES", 1)
    monkeypatch.setattr(grading, "GRACE_SECONDS", -60)
    own = released.root / "course.toml"
    own.write_text(own.read_text() + "[limits]\nsubmission_seconds = 30\n")
    hand_in_many(released, 2, deadly="poison")
    with machines.workers(bare[0]):
        summary = everything(load_course(released.root), bare[0])
    assert [graded.student for graded in summary.failed] == ["deadly"] and len(summary.submissions) == 3


@pytest.mark.long
@pytest.mark.parametrize("wrong", ["threads", "sandbox", "grader", "none"])
def test_an_unfit_cluster_grades_nothing(released, bare, tmp_path, wrong):
    """Threads, no sandbox, another edition of the judge, no worker at all: told in words, before any code is run."""
    hand_in_many(released, 1)
    options = {}
    if wrong == "threads":
        options = {"threads": 2}
    elif wrong == "sandbox":
        options = {"env": {"PATH": "/nowhere"}}
    elif wrong == "grader":
        shutil.copytree(machines.REPO / "grader", tmp_path / "old/grader")
        with open(tmp_path / "old/grader/judge/grading/annotate.py", "a") as file:
            file.write("# another edition\n")
        options = {"env": {"PYTHONPATH": str(tmp_path / "old")}}
    told = {"threads": "2 threads", "sandbox": "sandbox does not work", "grader": "grader is", "none": "no worker"}
    started = contextlib.nullcontext() if wrong == "none" else machines.workers(bare[0], 1, **options)
    with started, pytest.raises(DeskError, match=told[wrong]):
        everything(released, bare[0])
    assert found(released) == {}


@pytest.mark.long
def test_workers_may_come_later_and_be_lost_altogether(released, bare, monkeypatch):
    """The run waits for new ones and goes on."""
    monkeypatch.setattr(grading, "grade_job", machines.slowly)
    hand_in_many(released, 4)
    with contextlib.ExitStack() as machinery:
        first = machinery.enter_context(machines.workers(bare[0]))

        def seen(graded):
            if first.process.poll() is None:
                first.end()
                machinery.enter_context(machines.workers(bare[0]))

        assert set(points(everything(released, bare[0], seen=seen)).values()) == {2.5}


@pytest.mark.long
def test_an_unfit_worker_that_comes_later_is_not_used(released, bare, monkeypatch, caplog):
    """It is told, and the others go on."""
    monkeypatch.setattr(grading, "grade_job", machines.slowly)
    hand_in_many(released, 6)
    with contextlib.ExitStack() as machinery:
        machinery.enter_context(machines.workers(bare[0]))

        def seen(graded):
            if graded.student == "s0":
                machinery.enter_context(machines.workers(bare[0], threads=2))

        assert set(points(everything(released, bare[0], seen=seen)).values()) == {2.5}
    assert "has 2 threads" in caplog.text


@pytest.mark.long
def test_a_lost_scheduler_is_told_and_the_next_run_goes_on(released, monkeypatch):
    monkeypatch.setattr(grading, "grade_job", machines.slowly)
    hand_in_many(released, 6)
    with machines.scheduler() as (address, scheduler), machines.workers(address, 2):
        with pytest.raises(DeskError, match="scheduler was lost"):
            everything(released, address, seen=lambda graded: scheduler.process.kill())
    assert 0 < len(found(released)) < 6
    monkeypatch.undo()
    assert set(points(grading.grade(released, list(released.weeks), jobs=1)).values()) == {2.5}


@pytest.mark.long
def test_ctrl_c_stops_at_once_and_leaves_nothing_on_the_workers(released, tmp_path):
    """Within seconds; the workers take the next job; what they held of the solutions is gone, also when they end."""
    hand_in_many(released, 30)
    home = tmp_path / "there"
    home.mkdir()
    with machines.scheduler() as (address, _), machines.workers(address, 2, env={"TMPDIR": str(home)}):
        command = [sys.executable, "-m", "grader.desk.cli", "grade", "--course", str(released.root)]
        run = subprocess.Popen(
            [*command, "--scheduler", address], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        until = time.monotonic() + 90
        while len(found(released)) < 3 and time.monotonic() < until:
            time.sleep(0.1)
        assert len(list(home.glob("grader-bundle-*"))) == 2
        started = time.monotonic()
        run.send_signal(signal.SIGINT)
        told, _ = run.communicate(timeout=30)
        assert run.returncode == 130 and "Traceback" not in told and time.monotonic() - started < 10
        assert not list(home.glob("grader-bundle-*"))
        assert set(points(everything(released, address)).values()) == {2.5}


@pytest.mark.long
def test_a_worker_removes_what_it_was_sent_when_it_ends(released, bare, tmp_path, monkeypatch):
    """Also when nobody told it to; and before that, when the next run finds that an earlier one was killed."""
    home = tmp_path / "there"
    home.mkdir()
    hand_in_many(released, 1)
    with machines.workers(bare[0], env={"TMPDIR": str(home)}):
        monkeypatch.setattr(cluster_run.Campaign, "stop", lambda campaign: None)
        everything(released, bare[0])
        (first,) = home.glob("grader-bundle-*")
        everything(released, bare[0], force=True)
        (second,) = home.glob("grader-bundle-*")
        assert first != second
    assert not list(home.glob("grader-bundle-*"))


@pytest.fixture
def networks():
    """Two network namespaces, `{name: (its address, ours)}`, each joined to this one by a pair of devices."""
    if os.geteuid() != 0 or not shutil.which("ip"):
        pytest.skip("network namespaces are made by root, with the program ip (package iproute2)")
    made = {}
    with contextlib.ExitStack() as cleaning:
        for number in (1, 2):
            name, ours, theirs = f"grader{os.getpid()}n{number}", f"gr{os.getpid() % 10**6}a{number}", f"gb{number}"
            cleaning.callback(subprocess.run, ["ip", "netns", "del", name], capture_output=True)
            here, there = f"10.217.{number}.1", f"10.217.{number}.2"
            for words in (
                f"netns add {name}",
                f"link add {ours} type veth peer name {theirs} netns {name}",
                f"addr add {here}/24 dev {ours}",
                f"link set {ours} up",
                f"-n {name} addr add {there}/24 dev {theirs}",
                f"-n {name} link set {theirs} up",
                f"-n {name} link set lo up",
                f"-n {name} route add default via {here}",
            ):
                subprocess.run(["ip", *words.split()], check=True, capture_output=True)
            made[name] = (there, here)
        yield made


@pytest.mark.long
def test_workers_in_other_networks(released, networks):
    """Each in a network namespace of its own, with no loopback device in common."""
    tiny.hand_in_class(released)
    with contextlib.ExitStack() as machinery:
        port = machinery.enter_context(machines.scheduler(host="0.0.0.0"))[0].rpartition(":")[2]
        for name, (there, here) in networks.items():
            before = ["ip", "netns", "exec", name]
            machinery.enter_context(machines.workers(f"tcp://{here}:{port}", 1, host=there, before=before))
        address = f"tcp://{here}:{port}"
        with contextlib.closing(_client(address)) as client:
            assert len(client.run(os.getpid)) == 2
        summary = everything(released, address)
    expected = {student: points for student, (_, _, points, _) in tiny.CLASS.items()}
    assert points(summary) == expected


@pytest.fixture
def certificate(tmp_path):
    """Dask's settings for TLS, as environment variables, with a certificate that signs itself."""
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    words = ["-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=test", "-keyout", key]
    subprocess.run(["openssl", "req", *words, "-out", certificate], check=True, capture_output=True)
    settings = {"CA_FILE": certificate}
    for who in ("SCHEDULER", "WORKER", "CLIENT"):
        settings |= {f"{who}__CERT": certificate, f"{who}__KEY": key}
    return {f"DASK_DISTRIBUTED__COMM__TLS__{name}": str(path) for name, path in settings.items()}


@pytest.mark.long
def test_tls_is_set_up_where_dask_reads_it(released, certificate):
    """With a certificate that the scheduler knows one is let in; without one nobody is."""
    hand_in_many(released, 2)
    with (
        machines.scheduler("--protocol", "tls", env=certificate) as (address, _),
        machines.workers(address, 1, env=certificate),
    ):
        assert address.startswith("tls://")
        command = [sys.executable, "-m", "grader.desk.cli", "grade", "--course", released.root, "--scheduler", address]
        stranger = subprocess.run(command, capture_output=True, text=True)
        assert stranger.returncode == 3 and "cannot be reached" in stranger.stderr and not found(released)
        friend = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **certificate})
    assert friend.returncode == 0 and len(found(released)) == 2, friend.stderr
