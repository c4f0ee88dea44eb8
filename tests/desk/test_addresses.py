"""A database's address is shown without its password, in whatever part of it that stands."""

import pytest
from sqlalchemy import create_engine

from grader.desk.addresses import shown, without_secrets
from grader.desk.course.facts import load_course
from grader.desk.doctor.class_files import gradebook
from grader.desk.errors import DeskError
from grader.desk.gradebook.retry import error_messages
from tests.desk.tools import run

SECRET = "s3cret"
ADDRESSES = [
    "postgresql+psycopg://u:s3cret@127.0.0.1:9/db",
    "postgresql+psycopg://u:x@s3cret@127.0.0.1:9/db",
    "postgresql+psycopg://u:x/s3cret@127.0.0.1:9/db",
    "postgresql+psycopg://u:x?s3cret@127.0.0.1:9/db",
    "postgresql+psycopg://u:x#s3cret@127.0.0.1:9/db",
    "postgresql+psycopg://127.0.0.1:9/db?user=u&password=s3cret",
    "postgresql+psycopg://127.0.0.1:9/db?sslmode=s3cret",
    "postgresql+psycopg://127.0.0.1:9/db?options=-cx%3Ds3cret",
    "postgresql+psycopg://127.0.0.1:9/db password=s3cret",
    "postgresql+psycopg://s3cret@127.0.0.1:9/db",
    "postgresql+psycopg://u:s3cret@127.0.0.1:port/db",
    "postgresql+psycopg://u:s3cret",
    "u:s3cret@127.0.0.1/db",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_no_command_prints_a_password(course, address):
    """And none ends in a traceback."""
    own = course.root / "course.toml"
    before = own.read_text()
    own.write_text(f'{before}[gradebook]\ndb_url = "{address}"\n')
    told = run("todo", "--course", course.root)
    assert told.exit_code == 3 and "gradebook" in told.output and SECRET not in told.output
    (found,) = gradebook(load_course(course.root))
    assert not found.ok and SECRET not in f"{found.found}{found.remedy}"
    own.write_text(f'gradebook = "{address}"\n{before}')
    told = run("todo", "--course", course.root)
    assert told.exit_code == 3 and "[gradebook]" in told.output and SECRET not in told.output


def test_a_port_that_is_no_number_is_told():
    address = "postgresql://u:p@host:abc/db"
    with pytest.raises(DeskError, match="port is no number"), error_messages(address):
        create_engine(address)


def test_what_is_no_secret_is_shown():
    assert shown("postgresql+psycopg://u:s3cret@db.example:5432/class") == "postgresql+psycopg://db.example:5432/class"
    assert shown("sqlite:////class/gradebook.db") == "/class/gradebook.db"


def test_what_a_driver_says_is_told_without_the_secrets():
    address = "postgresql://u:a%40b@host/db?passfile=x y"
    said = without_secrets(f"bad value 'a@b', 'y', in a%40b of {address}", address)
    assert said == "bad value '***', '***', in *** of postgresql://host/db"
