"""Whose a file is, from its name as platforms write it; what fits nobody, or two, is left to a person."""

import unicodedata
from pathlib import PurePosixPath

import pytest

from grader.desk.collect.senders import Who, read_mapping, sender_of, write_mapping
from grader.desk.course.roster import IGNORED, Person, read_roster
from grader.desk.errors import DeskError

PEOPLE = [
    Person("ada", "Ada", "Lovelace", "ada@uni.example"),
    Person("am1", "Anna", "Müller", "anna.mueller@uni.example", also=("annamue",)),
    Person("пётр", "Пётр", "Чайковский"),
    Person("lee1", "Kim", "Lee", also=("1111",)),
    Person("lee2", "Kim", "Lee", also=("2222",)),
]
NOTEBOOKS = ["backprop", "dot_products"]


def whose(path, mapping=None, sent_by=()):
    sender = sender_of(PurePosixPath(path), NOTEBOOKS, "week01_backprop", sent_by)
    return Who(PEOPLE, mapping or {}).student(sender.hints), sender.name


@pytest.mark.parametrize(
    ("path", "student", "name"),
    [
        ("Anna Müller_1234_assignsubmission_file_/backprop.ipynb", "am1", "backprop.ipynb"),
        ("Anna Müller_1234_assignsubmission_file_backprop (2).ipynb", "am1", "backprop (2).ipynb"),
        ("Ada Lovelace_9_assignsubmission_file_work/hw/backprop.ipynb", "ada", "backprop.ipynb"),
        ("mulleranna_4242_99_work/data/x.csv", "am1", "data/x.csv"),
        ("Ada Lovelace_9_assignsubmission_file/img/plot.png", "ada", "img/plot.png"),
        ("mulleranna_4242_99_backprop.ipynb", "am1", "backprop.ipynb"),
        ("mülleranna_LATE_4242_99_backprop-2.ipynb", "am1", "backprop.ipynb"),
        ("leekim_2222_77_backprop-1.ipynb", "lee2", "backprop.ipynb"),
        ("Anna Müller - backprop.ipynb", "am1", "Anna Müller - backprop.ipynb"),
        ("Copy of backprop - Ada Lovelace.ipynb", "ada", "Copy of backprop - Ada Lovelace.ipynb"),
        ("Пётр Чайковский - backprop.ipynb", "пётр", "Пётр Чайковский - backprop.ipynb"),
        ("Чайковский Петр Ильич/backprop.ipynb", "пётр", "backprop.ipynb"),
        ("hw1-annamue/week01_backprop/backprop.ipynb", "am1", "backprop.ipynb"),
        ("ada/week01_backprop/backprop.ipynb", "ada", "backprop.ipynb"),
        ("mueller_anna_backprop_final.ipynb", "am1", "mueller_anna_backprop_final.ipynb"),
        ("Kim Lee_5_assignsubmission_file_/backprop.ipynb", None, "backprop.ipynb"),
        # As Canvas's ContentZipper and Moodle's downloader write them.
        ("lovelaceada_501_text.html", "ada", "text.html"),
        ("mülleranna_LATE_4242_link.html", "am1", "link.html"),
        ("chess_club_501_99_backprop.ipynb", None, "backprop.ipynb"),
        ("anon_aB3dE_99_backprop.ipynb", None, "backprop.ipynb"),
        ("LATE_anon_aB3dE_99_backprop-1.ipynb", None, "backprop.ipynb"),
        ("Participant_1234_assignsubmission_file/backprop.ipynb", None, "backprop.ipynb"),
        ("am1 Anna Müller_1234_assignsubmission_file/sub/backprop.ipynb", "am1", "backprop.ipynb"),
        ("Ada Lovelace_9_assignsubmission_onlinetext/onlinetext.html", "ada", "onlinetext.html"),
        ("stranger/backprop.ipynb", None, "backprop.ipynb"),
        ("backprop.ipynb", None, "backprop.ipynb"),
    ],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_of_platforms_and_people(path, student, name, form):
    """In composed and decomposed letters."""
    assert whose(unicodedata.normalize(form, path)) == (student, name)


def test_an_anonymous_download_of_canvas_is_one_student_s_by_its_mark():
    """Once a person has said whose: all files of that student, late or not."""
    for path in ("anon_aB3dE_99_backprop.ipynb", "LATE_anon_aB3dE_101_dot_products.ipynb"):
        assert whose(path, {"anon_aB3dE": "ada"})[0] == "ada"


def test_an_e_mail_belongs_to_its_sender():
    assert whose("Copy of hw.ipynb", sent_by=("Anna.Mueller@uni.example", "A. M.")) == ("am1", "Copy of hw.ipynb")


def test_an_id_letter_by_letter_is_its_student_s():
    """And of what fits several, all are suggested."""
    who = Who([*PEOPLE, Person("007"), Person("00-7"), Person("kimlee")], {})
    assert [who.student([hint]) for hint in ("007", "00-7", "0.07", "kimlee")] == ["007", "00-7", None, None]
    hints = sender_of(PurePosixPath("Kim Lee_5_assignsubmission_file_/x.ipynb"), NOTEBOOKS, "week01_backprop").hints
    assert who.fitting(hints) == ["kimlee", "lee1", "lee2"] and who.suggestion(hints) == "kimlee or lee1 or lee2"


def test_a_person_s_mapping_wins_over_names():
    assert whose("ada/backprop.ipynb", {"ada": "lee1"})[0] == "lee1"
    assert whose("Kim Lee_5_assignsubmission_file_/backprop.ipynb", {"Kim Lee 5": "lee2"})[0] == "lee2"


def test_a_name_that_a_spreadsheet_would_run_is_found_again(tmp_path):
    """It is written with an apostrophe before it."""
    write_mapping(tmp_path / "mapping.csv", {"=x": "ada"}, {})
    assert whose("=x/backprop.ipynb", read_mapping(tmp_path / "mapping.csv", PEOPLE))[0] == "ada"


@pytest.mark.parametrize("found", ["-", "'-", "a;=1+1;b", " =x ", "@home", "a\nb"])
def test_a_mapping_that_is_written_again_says_the_same(tmp_path, found):
    """`-` became `'-`, and the next run did not know it."""
    place = tmp_path / "mapping.csv"
    for _ in range(3):
        write_mapping(place, {found: IGNORED}, {})
        mapping = read_mapping(place, PEOPLE)
        assert Who(PEOPLE, mapping).student([found]) == IGNORED


def test_without_a_roster_the_folder_names_the_student():
    sender = sender_of(PurePosixPath("hw1-x/backprop.ipynb"), NOTEBOOKS, "week01_backprop")
    assert Who([], {}).student(sender.hints) == "hw1-x"


def test_a_mapping_file_keeps_decisions_and_suggests(tmp_path):
    place = tmp_path / "mapping.csv"
    who = Who(PEOPLE, {})
    write_mapping(place, {"old": "ada"}, {"Ana Muller": who.suggestion(["Ana Muller"])})
    assert "am1" in place.read_text() and read_mapping(place, PEOPLE) == {"old": "ada"}
    place.write_text("found,student\nx,nobody\n")
    with pytest.raises(DeskError, match="line 2.*nobody"):
        read_mapping(place, PEOPLE)


def test_the_work_of_a_group_is_everybody_s_whom_a_person_names(tmp_path):
    place = tmp_path / "mapping.csv"
    odd = [*PEOPLE, Person("a;b")]
    write_mapping(place, {"Group A 57": "ada; lee1", "x": "a;b"}, {})
    who = Who(odd, read_mapping(place, odd))
    assert [who.everyone(who.student([hint])) for hint in ("Group A 57", "x")] == [["ada", "lee1"], ["a;b"]]
    place.write_text("found,student\nGroup A 57,ada; nobody\n")
    with pytest.raises(DeskError, match="line 2: 'nobody' is not in the roster"):
        read_mapping(place, PEOPLE)


@pytest.mark.parametrize(
    "text",
    [
        "id,first_name,last_name,email\nam1,Anna,Müller,a@b.example\n",
        "\ufeffUsername;First name;Surname;Email address\nam1;Anna;Müller;a@b.example\n",
        "SIS Login ID\tStudent Name\tEmail\nam1\tMüller, Anna\ta@b.example\n",
        "id,name,email\n\nam1,Anna Müller,a@b.example\n",
    ],
)
def test_a_roster_is_read_as_platforms_export_it(course, text):
    (course.root / "roster.csv").write_text(text)
    assert read_roster(course) == [Person("am1", "Anna", "Müller", "a@b.example")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,name\nada,A\nada,B\n", "line 3.*twice"),
        ("first,second\n1,2\n", "line 1: no column"),
        ("id\n../x\n", "line 2.*cannot be"),
        ("id\n<b>\n", "line 2.*cannot be"),
        ("id\n-\n", "line 2.*cannot be.*mapping.csv"),
        (b"id,name\na,M\xfcller\n", "not UTF-8"),
    ],
)
def test_what_is_wrong_in_a_roster_is_named_with_its_line(course, text, says):
    (course.root / "roster.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(DeskError, match=says):
        read_roster(course)
