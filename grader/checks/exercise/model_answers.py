"""Model answers of practice exercises: what opens below an exercise once everything of it is ✓.

They lie beside the questions, `NOTEBOOK_models.json`, and are made from the solutions by `python -m tools.records`.
Each is compressed, so that nobody reads one by accident. Exercises with points have none there.
"""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path

QUESTIONS, MODELS = "_questions", "_models.json"
CODE = "overflow-x:auto;padding:4px 8px;margin:2px 0;background:rgba(128,128,128,.12);color:inherit"


@dataclass(frozen=True)
class ModelAnswer:
    """code: one way to write it. notice: a sentence or two on what to see in it. other: another way, or ""."""

    code: str
    notice: str = ""
    other: str = ""

    def html(self) -> str:
        """Closed until somebody opens it."""
        parts = [f"<pre style='{CODE}'>{escape(self.code)}</pre>"]
        if self.notice:
            parts.append(f"<p style='margin:4px 8px'><b>Notice</b> &nbsp;{escape(self.notice)}</p>")
        if self.other:
            parts.append(f"<p style='margin:4px 8px'>Another way:</p><pre style='{CODE}'>{escape(self.other)}</pre>")
        summary = "One way to write it: compare it with yours"
        return f"<details style='margin:4px 8px'><summary>{summary}</summary>{''.join(parts)}</details>"


def path_of(questions: str | Path) -> Path:
    """Where the model answers lie that go with a file of questions."""
    path = Path(questions)
    return path.with_name(path.stem.removesuffix(QUESTIONS) + MODELS)


def written(models: Mapping[str, ModelAnswer]) -> str:
    """The text of the file, a line for each exercise."""
    lines = []
    for name, model in models.items():
        text = json.dumps(vars(model), ensure_ascii=False).encode()
        lines.append(f'{json.dumps(name)}: "{b64encode(zlib.compress(text, 9)).decode()}"')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def read(text: str) -> dict[str, ModelAnswer]:
    """What `written` was given."""
    return {
        name: ModelAnswer(**json.loads(zlib.decompress(b64decode(packed)))) for name, packed in json.loads(text).items()
    }


def models_beside(questions: str | Path) -> dict[str, ModelAnswer]:
    """The model answers that go with a file of questions, by exercise; none where there is no such file."""
    path = path_of(questions)
    return read(path.read_text(encoding="utf-8")) if path.is_file() else {}
