"""The templates of HTML pages: a name that is not given is an error, and every value is escaped."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from grader.desk.files import TEMPLATES


def environment() -> Environment:
    """An environment of its own, to which a page may add filters."""
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **facts: object) -> str:
    """The page that `template` makes of the facts."""
    return environment().get_template(template).render(**facts)


def policy_hash(source: str) -> str:
    """What a Content-Security-Policy calls a style or a script that stands in the page itself."""
    return f"sha256-{b64encode(sha256(source.encode()).digest()).decode()}"
