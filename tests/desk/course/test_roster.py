"""A roster is read in the shapes in which platforms export it; what is misspelt in it is told."""

import pytest

from grader.desk.course.roster import Person, read_people
from grader.desk.errors import DeskError

ADA = Person("ada", "Ada", "Lovelace")
SHAPES = {
    "Blackboard": (
        '\ufeff"Last Name","First Name","Username","Student ID","HW [Total Pts: 2 Score] |57"\n'
        '"Lovelace","Ada","ada","M1099","2.00"\n',
        Person("ada", "Ada", "Lovelace", also=("M1099",)),
    ),
    "Gradescope": (
        "First Name,Last Name,SID,Email,Sections,HW1,HW1 - Max Points,HW1 - Lateness (H:M:S)\n"
        "Ada,Lovelace,0471,a@b.c,S1,,,\n",
        Person("0471", "Ada", "Lovelace", "a@b.c"),
    ),
    "Moodle's participants": (
        '"First name","Last name","ID number","Email address",Groups\nAda,Lovelace,0471,a@b.c,"A, G1"\n',
        Person("a@b.c", "Ada", "Lovelace", "a@b.c", number="0471"),
    ),
    "Moodle's grades in German": (
        'Vorname;Nachname;ID-Nummer;E-Mail-Adresse;"Aufgabe: 1 (Punkte)";"Zuletzt aus diesem Kurs geladen"\n'
        "Ada;Lovelace;0471;a@b.c;5,00;1790000000\n",
        Person("a@b.c", "Ada", "Lovelace", "a@b.c", number="0471"),
    ),
    "Canvas": (
        "Student,ID,SIS User ID,SIS Login ID,Root Account,Section,HW (1),Final Score\n,,,,,,Manual Posting,\n"
        '    Points Possible,,,,,,5,(read only)\n"Lovelace, Ada",11,0471,ada,u.example,A,,\n'
        '"Student, Test",13,,f0a1,u.example,A,,\n',
        Person("ada", "Ada", "Lovelace", also=("0471", "11")),
    ),
    "GitHub Classroom": (
        '"identifier","github_username","github_id","name","group_name"\n"a@b.c","adal","101","Ada Lovelace","A"\n',
        Person("a@b.c", "Ada", "Lovelace", also=("adal",)),
    ),
    "Moodle's grading worksheet": (
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,"
        "Last modified (submission),Last modified (grade),Feedback comments\n"
        "Participant 1234,Ada Lovelace,a@b.c,,,10.00,Yes,-,-,\n",
        Person("a@b.c", "Ada", "Lovelace", "a@b.c", ("Participant 1234",)),
    ),
    "Moodle's grading worksheet, anonymous": (
        "Identifier,Status,Grade,Feedback comments\nParticipant 1234,,,\n",
        Person("Participant 1234"),
    ),
    "Canvas, words in the place of a name": (
        "Student,ID,SIS User ID,SIS Login ID,Section,HW (1),HW Current Score\n"
        ",,,,,Manual Posting (Punkte verborgen),x\nManual Posting,,,,,,(read only)\n"
        '"Lovelace, Ada",11,0471,ada,A,,\n',
        Person("ada", "Ada", "Lovelace", also=("0471", "11")),
    ),
    "Canvas, names apart": (
        "LastName;FirstName;ID;SIS Login ID;Section;HW (1)\n    Points Possible;;;;;5\nLovelace;Ada;11;a@b.c;A;N/A\n",
        Person("a@b.c", "Ada", "Lovelace", "a@b.c", ("11",)),
    ),
}


@pytest.mark.parametrize("platform", SHAPES)
def test_each_platform_s_own_shape_is_read(tmp_path, platform):
    text, person = SHAPES[platform]
    (tmp_path / "roster.csv").write_text(text)
    assert read_people(tmp_path / "roster.csv") == [person]


@pytest.mark.parametrize(
    ("title", "role"),
    [("Role", "Instructor"), ("Role", "TA"), ("Roles", "Non-editing teacher"), ("Course Role", "Teaching Assistant")],
)
def test_who_teaches_is_not_missing(tmp_path, title, role):
    """Whoever has any other role, or none, is a student."""
    rows = f"First Name,Last Name,SID,Email,{title}\nT,Each,t1,t@b.c,{role}\nAda,Lovelace,ada,,Student\nB,B,bob,,\n"
    (tmp_path / "roster.csv").write_text(rows + 'C,C,cem,,Etudiante\nD,D,dee,,"Student, Teaching Assistant"\n')
    assert [person.id for person in read_people(tmp_path / "roster.csv")] == ["ada", "bob", "cem", "dee"]


@pytest.mark.parametrize("title", ["frist_name", "emial", "E-Mial adress", "last nam", "githib"])
def test_a_misspelt_column_is_told(tmp_path, title):
    """It was left out, and with it everyone's names."""
    (tmp_path / "roster.csv").write_text(f"id,{title}\nada,x\n")
    with pytest.raises(DeskError, match="line 1: the column .* is not known. Did you mean"):
        read_people(tmp_path / "roster.csv")


@pytest.mark.parametrize(
    "title", ["Groups", "Section", "Institution", "Department", "City/town", "Last access", "Roles"]
)
def test_a_platform_s_other_columns_are_let_alone(tmp_path, title):
    (tmp_path / "roster.csv").write_text(f"id,name,{title}\nada,Ada Lovelace,x\n")
    assert read_people(tmp_path / "roster.csv") == [ADA]
