"""What is wrong in a `course.toml`, in sentences that name the file, the line and the nearest right name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from grader.desk.course.names import did_you_mean, nearest
from grader.desk.course.schema import TABLES, File
from grader.desk.course.toml_file import Keys, NotToml, TomlFile, read_toml
from grader.desk.errors import DeskError

REMEDY = "Mend that in the file, then run the command again. All tables and keys: docs/course-toml.md"


def read_file(path: Path) -> tuple[TomlFile, File]:
    """A file as text with lines and as typed values. Raises `DeskError` with a line for everything wrong in it."""
    try:
        toml = read_toml(path)
        return toml, File.model_validate(toml.data)
    except ValidationError as error:
        raise DeskError("\n".join(_sentences(toml, error)), REMEDY) from None
    except NotToml as error:
        # A misspelt [[weeks]] makes the next right one invalid: unknown names above may be the reason.
        raise DeskError("\n".join([*_unknown_names(error.above), error.what]), error.remedy) from None


def _unknown_names(file: TomlFile) -> Iterator[str]:
    try:
        File.model_validate(file.data)
    except ValidationError as error:
        yield from _sentences(file, error, only="extra_forbidden")


def _sentences(file: TomlFile, error: ValidationError, only: str = "") -> Iterator[str]:
    """One for each thing that is wrong, or wrong in `only` this way, in the order of the lines."""
    errors = [one for one in error.errors(include_url=False) if only in ("", one["type"])]
    for one in sorted(errors, key=lambda one: file.line(one["loc"])):
        yield f"{file.place(one['loc'])}: {_sentence(one['loc'], one)}"


def _sentence(keys: Keys, error: Mapping[str, Any]) -> str:
    """What is wrong with one key, and what may have been meant."""
    name, value = str(keys[-1]), error["input"]
    # A database's address, well written or not, may hold a password.
    told = '"..."' if keys[0] == "gradebook" and isinstance(value, str) and value else shown(value)
    match error["type"]:
        case "extra_forbidden":
            return _unknown(keys[:-1], name)
        case "missing":
            return f"{heading(keys[:-1])} lacks {name!r}."
        case "model_type" | "dict_type":
            meant = " The list of weeks is [[weeks]]." if keys[0] == "week" else ""
            return f"{name} = {told} stands where a table {heading(keys)} belongs.{meant}"
        case "list_type":
            meant = " For one week of a class, write [week.NAME]." if name == "weeks" else ""
            return f"{name} = {shown(value)} stands where tables {heading([*keys, 0])} belong.{meant}"
        case "string_type":
            what = "is not a text in quotes."
        case "string_too_short":
            what = "is empty."
        case _:
            said = str(error["ctx"]["error"]) if "error" in error.get("ctx", {}) else error["msg"]
            what = said if said[-1] in ".?" else f"{said}."
    return f"{name} = {told} {what}"


def _unknown(table: Keys, name: str) -> str:
    """A key that its table does not have: it is another's, or misspelt."""
    where = heading(table)
    known = TABLES[_kind_of(table)].model_fields
    owners = [other for other, model in TABLES.items() if name in model.model_fields and other]
    if near := nearest(name, known):
        hint = did_you_mean(near)
    elif owners:
        hint = f" It belongs below {' or '.join(owners)}."
    else:
        hint = f" Known are: {', '.join(known)}."
    return f"{where or 'the file'} has no {'key' if where else 'table'} {name!r}.{hint}"


def _kind_of(table: Keys) -> str:
    """The heading in `TABLES` of the table that these keys lead to."""
    if table and table[0] == "week":
        return "[week.NAME]"
    return heading(table)


def heading(table: Keys) -> str:
    """A table as a file writes it, `[late]`, `[[weeks.notebooks]]` or `[extensions."ada"]`; nothing for the file."""
    names = [key for key in table if isinstance(key, str)]
    if not names:
        return ""
    if names[0] == "extensions":
        names[1:] = [f'"{name}"' for name in names[1:]]
    text = f"[{'.'.join(names)}]"
    return f"[{text}]" if len(names) < len(table) else text


def shown(value: object) -> str:
    """A value as the file has it, shortened."""
    match value:
        case bool():
            return str(value).lower()
        case date():  # a date and time is one too
            return value.isoformat()
        case dict() | list():
            return "{...}" if isinstance(value, dict) else "[...]"
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= 80 else f"{text[:77]}..."
