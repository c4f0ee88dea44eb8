"""Made-up downloads of a class: what platforms deliver, and what one student may have handed in."""

import io
import json
import os
import tarfile
import warnings
import zipfile
from datetime import datetime, timezone
from email.message import EmailMessage

PEOPLE = {"ada": ("Ada", "Lovelace"), "bob": ("Bob", "Builder"), "zoe": ("Zoë", "Zhang"), "eve": ("Eve", "Adams")}
ROSTER = "id,first_name,last_name,email\n" + "".join(
    f"{who},{first},{last},{who}@uni.example\n" for who, (first, last) in PEOPLE.items()
)
NOTEBOOK = "double.ipynb"
LINK, FOLDER = object(), object()


def notebook(text):
    return json.dumps({"cells": [], "metadata": {"t": text}, "nbformat": 4, "nbformat_minor": 5}).encode()


class OtherBytes(zipfile.ZipInfo):
    """An entry whose name is written in another encoding than UTF-8, which is not said."""

    def _encodeFilenameFlags(self):
        return self.filename.encode("cp437"), self.flag_bits & ~0x800


def other_bytes(name):
    return os.fsencode(name) if any("\ud800" <= letter <= "\udfff" for letter in name) else None


def zipped(files, when=(2026, 10, 1, 12, 0, 0)):
    """A zip's bytes. Lone surrogates in names are bytes of another encoding; a file may be `LINK` or `FOLDER`."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files:
            info = zipfile.ZipInfo("x", when)
            info.filename = name + "/" * (content is FOLDER)
            if raw := other_bytes(info.filename):
                info.filename = raw.decode("cp437")
                info = OtherBytes(info.filename, when)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = {LINK: 0o120777, FOLDER: 0o40755}.get(content, 0o100644) << 16
            with warnings.catch_warnings(action="ignore"):  # two entries may have one name
                packed.writestr(
                    info, content if isinstance(content, bytes) else b"" if content is FOLDER else b"../ada"
                )
    return data.getvalue()


def tarred(files, mtime=1.8e9):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz", format=tarfile.PAX_FORMAT) as packed:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(content), mtime
            packed.addfile(info, io.BytesIO(content))
    return data.getvalue()


def mail(sender, files, received="Thu, 01 Oct 2026 12:00:00 +0000"):
    message = EmailMessage()
    message["From"], message["Received"] = f"{sender}@uni.example", f"from x by y; {received}"
    message.set_content("here")
    for name, content in files:
        content = content if isinstance(content, bytes) else b""
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return bytes(message)


def full_name(who):
    return " ".join(PEOPLE[who])


# Each takes `{student: [(name, content)]}` and the day of the month, and gives the files of a download.
def moodle(class_, day):
    return [(f"{full_name(who)}_{n}_assignsubmission_file_/{name}", x) for n, who, name, x in _all(class_)]


def moodle_flat(class_, day):
    return [(f"{full_name(who)}_{n}_assignsubmission_file_{name}", x) for n, who, name, x in _all(class_)]


def canvas(class_, day):
    rows = [("".join(reversed(PEOPLE[who])).lower(), n, name, x) for n, who, name, x in _all(class_)]
    return [(f"{who}_{n}_{day}{i}_{name}", x) for i, (who, n, name, x) in enumerate(rows)]


def blackboard(class_, day):
    return [(f"Homework 1_{who}_attempt_2026-10-{day:02}-12-00-00_{name}", x) for _, who, name, x in _all(class_)]


def teams(class_, day):
    return [
        (f"Submitted files/{full_name(who)}/Homework 1/Version {day}/{name}", x) for _, who, name, x in _all(class_)
    ]


def exchange(class_, day):
    return [(f"{who}+week01_tiny+2026-10-{day:02} 12:00:00 UTC/{name}", x) for _, who, name, x in _all(class_)]


def gradescope(class_, day):
    files = [(f"assignment_9_export/submission_{n}/{name}", x) for n, _, name, x in _all(class_)]
    people = "".join(
        f"submission_{n}:\n  :submitters:\n  - :name: {full_name(who)}\n    :sid: {who}\n"
        f"  :created_at: 2026-10-{day:02} 12:00:00.000000000 Z\n"
        for n, who in enumerate(PEOPLE)
    )
    return [("assignment_9_export/submission_metadata.yml", people.encode()), *files]


def drive(class_, day):
    return [(f"hw1/{full_name(who)} - {name}", x) for _, who, name, x in _all(class_)]


def folders(class_, day):
    return [(f"in/{who}/{name}", x) for _, who, name, x in _all(class_)]


SHAPES = (moodle, moodle_flat, canvas, blackboard, teams, exchange, gradescope, drive, folders)
FLAT = (moodle_flat, canvas, blackboard, drive)  # a student's file has no folders there


def _all(class_):
    """With a `/` in a name given by a `path` only; flat platforms take the last part."""
    return [(n, who, name, x) for n, who in enumerate(PEOPLE) for name, x in class_.get(who, ())]


def as_zip(files, day, place):
    place.write_bytes(zipped(files, (2026, 10, day, 12, 0, 0)))
    return place


def as_tar(files, day, place):
    plain = [(name, content) for name, content in files if isinstance(content, bytes)]
    place = place.with_suffix(".tar.gz")
    place.write_bytes(tarred(plain, _seconds(day)))
    return place


def as_folder(files, day, place):
    """As far as the file system takes the names."""
    place = place.with_suffix("")
    for name, content in files:
        if ".." in name.split("/"):
            continue
        try:
            path = os.path.join(os.fsencode(place), os.fsencode(name))
            os.makedirs(path if content is FOLDER else os.path.dirname(path), exist_ok=True)
            if content is LINK:
                os.symlink("../ada", path)
            elif content is not FOLDER and not os.path.islink(path):
                with open(path, "wb") as file:
                    file.write(content)
                os.utime(path, (_seconds(day), _seconds(day)))
        except (OSError, ValueError):
            continue
    return place


def as_mails(class_, day, place):
    place = place.with_suffix("")
    place.mkdir()
    for who, files in class_.items():
        named = [(str(name), content) for name, content in files]
        try:
            (place / f"{who}.eml").write_bytes(mail(who, named, f"Thu, {day:02} Oct 2026 12:00:00 +0000"))
        except ValueError:  # a name that no header can hold
            continue
    return place


def _seconds(day):
    return datetime(2026, 10, day, 12, tzinfo=timezone.utc).timestamp()
