"""A headless Chromium of this machine, for tests that click and for the README's picture."""

import shutil
from contextlib import contextmanager

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Root cannot use Chromium's own sandbox, and only pages of ours, from this machine, are opened. The other switches keep
# the browser from calling its maker.
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-background-networking",
    "--disable-sync",
)


def find_program() -> str | None:
    """Path of the first Chromium on PATH, or None."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


@contextmanager
def open_browser():
    """playwright's browser object, closed at the end. Errors: RuntimeError where there is no Chromium."""
    from playwright.sync_api import sync_playwright

    program = find_program()
    if program is None:
        raise RuntimeError("no Chromium on this machine: run `make setup-tests`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(SWITCHES))
        try:
            yield browser
        finally:
            browser.close()
