"""Records: one public case of each test of a notebook, with its numbers, right and wrong.

They lie beside the questions, `<module>.json`, and are made from the keys by the command that renews the outputs of the
notebooks. A record holds numbers and words, no formula. Each test is compressed, so that the file is small and nobody
reads an answer by accident.
"""

from __future__ import annotations

import json
import zlib
from base64 import b85decode, b85encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from grader.checks.probes import digests
from grader.checks.probes.digests import Digest, Moves
from grader.checks.questions.plain import pack, unpack
from grader.checks.questions.right import Right, pack_right, unpack_right


@dataclass(frozen=True)
class Recorded:
    """One test's public case.

    right  as `judge` takes it, or None where the notebook cannot say what is right
    lent   of each lent function the calls that were made, `[arguments, result]`
    probes of each experiment by its name the right numbers in short, or what moves
    others what other functions of the course give for this case, in short
    """

    case: SimpleNamespace
    right: Right | list[Right | None] | None
    lent: Mapping[str, list[tuple[list[Any], Any]]]
    probes: Mapping[str, list[Digest] | Moves] = field(default_factory=dict)
    others: Mapping[str, list[Digest]] = field(default_factory=dict)


def path_of(module: Any) -> Path:
    """The file with the record of a module of questions."""
    return Path(module.__file__).with_suffix(".json")


def written(records: Mapping[str, Recorded]) -> str:
    """The text of a record's file, a line for each test."""
    lines = []
    for name, recorded in records.items():
        right = recorded.right
        packed: Any = None
        if isinstance(right, Right):
            packed = pack_right(right)
        elif right is not None:
            packed = [None if one is None else pack_right(one) for one in right]
        entry = {"case": pack(vars(recorded.case)), "right": packed}
        if recorded.lent:
            entry["lent"] = {of: pack([list(call) for call in calls]) for of, calls in recorded.lent.items()}
        if recorded.probes:
            entry["probes"] = {of: digests.pack(one) for of, one in recorded.probes.items()}
        if recorded.others:
            entry["others"] = {of: digests.pack(one) for of, one in recorded.others.items()}
        packed = zlib.compress(json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode(), 9)
        lines.append(f'{json.dumps(name)}: "{b85encode(packed).decode()}"')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def entries(text: str) -> dict[str, Any]:
    """What the file says of each test, as JSON has it."""
    return {name: json.loads(zlib.decompress(b85decode(packed))) for name, packed in json.loads(text).items()}


def read(text: str) -> dict[str, Recorded]:
    """What `written` was given."""
    found = {}
    for name, entry in entries(text).items():
        packed = entry["right"]
        listed = [None if one is None else unpack_right(one) for one in packed] if isinstance(packed, list) else None
        right = listed if listed is not None else packed and unpack_right(packed)
        lent = {of: [(args, result) for args, result in unpack(calls)] for of, calls in entry.get("lent", {}).items()}
        probes = {of: digests.unpack(one) for of, one in entry.get("probes", {}).items()}
        others = {of: digests.unpack(one) for of, one in entry.get("others", {}).items()}
        found[name] = Recorded(SimpleNamespace(**unpack(entry["case"])), right, lent, probes, others)
    return found
