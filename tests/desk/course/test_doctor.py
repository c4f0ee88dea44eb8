"""The doctor finds what is missing and says how to mend it."""

import shutil

from grader.desk.course import doctor
from grader.desk.course.doctor import examine


def test_a_machine_that_can_run_the_tests_is_well(graded):
    """Every line is good, the sandbox's own test among them."""
    findings = list(examine(graded.root))
    assert [finding.what for finding in findings if not finding.ok] == []
    assert "sandbox, self-test" in [finding.what for finding in findings]


def test_a_missing_sandbox_is_told_with_its_remedy(monkeypatch):
    from grader.sandbox.walls import bubblewrap

    broken = bubblewrap.Availability(False, "bwrap is not installed", "apt install bubblewrap")
    monkeypatch.setattr(bubblewrap, "available", lambda: broken)
    (finding,) = doctor._sandbox()
    assert not finding.ok and finding.remedy == "apt install bubblewrap"


def test_a_missing_program_is_told(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert [finding.what for finding in doctor._programs() if not finding.ok] == ["alembic", "jupyter"]


def test_a_full_disk_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "disk_usage", lambda place: shutil._ntuple_diskusage(100, 100, 0))
    assert [finding.ok for finding in doctor._disk(tmp_path)] == [False, False]


def test_an_old_python_is_told(monkeypatch):
    monkeypatch.setattr(doctor, "MIN_PYTHON", (9, 0))
    (finding,) = doctor._python()
    assert not finding.ok and "9.0" in finding.remedy
