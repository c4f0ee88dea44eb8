"""Take the README's picture: the report that `make demo` left in build/demo, as a browser shows it."""

import sys
from pathlib import Path

from tools.browser import open_browser

REPO = Path(__file__).resolve().parent.parent
REPORT = REPO / "build/demo/reports/report.html"
PICTURE = REPO / "docs/images/report.png"
SIZE = {"width": 1100, "height": 900}


def take(page: Path, picture: Path) -> None:
    """Show a local HTML page in a window of `SIZE` and save what is seen without scrolling."""
    picture.parent.mkdir(parents=True, exist_ok=True)
    with open_browser() as browser:
        tab = browser.new_page(viewport=SIZE)
        tab.goto(page.as_uri())
        tab.screenshot(path=picture)


if __name__ == "__main__":
    if not REPORT.exists():
        sys.exit("There is no report yet: run `make demo` first.")
    take(REPORT, PICTURE)
    print(PICTURE.relative_to(REPO))
