"""Addresses of databases as they may be shown: without a password, in whatever part of them it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from grader.desk.errors import DeskError

if TYPE_CHECKING:  # a plain file's address is read without SQLAlchemy
    from sqlalchemy.engine import URL

FORM = (
    "PostgreSQL is named postgresql+psycopg://user:password@host:port/database, the port being a number; its driver "
    "comes with `pip install 'backprop-grader[scale]'`. What is no letter and no digit in a password is written as "
    "%40 for @, %2F for /."
)
_AFTER_SCHEME = re.compile(r"(?P<scheme>[\w+.-]*://).*", re.DOTALL)
HIDDEN = "***"


def parsed(address: str) -> URL:
    """The parts of a database's address. Raises `DeskError`, which does not show it, where it has none."""
    url = _parts(address)
    if url is None:
        port = re.search(r":[^:/@?]*[^:/@?\d][^:/@?]*(?=/[^@]*$|$)", address.partition("://")[2])
        what = "its port is no number" if port else "it is no address of a database"
        raise DeskError(f"[gradebook] db_url, {shown(address)}, cannot be read: {what}.", FORM)
    return url


def _parts(address: str) -> URL | None:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        return None
    # Where a password has an @ or a / that is not written as %40 or %2F, its end is in the parts behind it.
    behind = (url.host or "") + (url.database or "")
    return url if url.get_backend_name() == "sqlite" or not re.search("[@:?= ]", behind) else None


def sqlite_file(address: str) -> Path | None:
    """The file of a gradebook that SQLite keeps; None for a server's. Raises `DeskError` as `parsed` does."""
    if address.startswith("sqlite:////") and "?" not in address:
        return Path(address.removeprefix("sqlite:///"))
    url = parsed(address)
    return Path(url.database or "").absolute() if url.get_backend_name() == "sqlite" else None


def shown(address: str) -> str:
    """Driver, host, port and database; of what cannot be taken apart, the driver alone."""
    from sqlalchemy.engine import URL

    url = _parts(address)
    if url is None:
        return _AFTER_SCHEME.sub(rf"\g<scheme>{HIDDEN}", address) if "://" in address else HIDDEN
    if url.get_backend_name() == "sqlite":
        return url.database or "in memory"
    return URL.create(url.drivername, host=url.host, port=url.port, database=url.database).render_as_string()


def without_secrets(text: object, address: str) -> str:
    """What a database or its driver says of an address, without the parts of it that may be secret."""
    said = str(text).replace(address, shown(address))
    url = _parts(address)
    if url is None or url.get_backend_name() == "sqlite":
        return said
    options = [value for values in url.query.values() for value in ([values] if isinstance(values, str) else values)]
    secrets = {str(url.password)} if url.password else set()
    secrets |= {part for value in options for part in (value, *value.split(), *value.split("="))}
    # As it was written, too, where an error quotes the address.
    secrets |= {written for written in re.split(r"[:@?&=]", address) if unquote_plus(written) in secrets}
    for secret in sorted(secrets, key=len, reverse=True):
        said = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", HIDDEN, said)
    return said
