"""The form of a result as plain data, derived from the declared types."""

from __future__ import annotations

import dataclasses
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, create_model

from grader.judge.grading.result import CellResult, NotebookResult, Outcome


class _Form(BaseModel):
    """Plain data as they were declared, numbers finite, text that can be written, and nothing besides."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


def _form_of(declared: type, **other: Any) -> Any:
    """The form of a declared type's fields; `other` are fields whose plain data are not the field."""
    hints, fields = get_type_hints(declared), dataclasses.fields(declared)
    forms: dict[str, Any] = {one.name: (other.get(one.name, hints[one.name]), _default(one)) for one in fields}
    return create_model(f"{declared.__name__}Form", __base__=_Form, **forms)


def _default(one: dataclasses.Field) -> Any:
    return ... if one.default is dataclasses.MISSING else one.default


FORM = _form_of(
    NotebookResult,
    parts=dict[str, _form_of(CellResult, outcomes=list[_form_of(Outcome)])],  # type: ignore[misc]
    nb=str | None,
    unanswered=list[str],
)
