"""The documentation's site: links are followed, secrets are never laid out, and a browser shows it."""

import re
import subprocess
import sys

import pytest

from grader.desk.course.facts import load_course
from tests.phone import too_wide
from tools.site import FORWARD, lay_out, to_colab, with_policy
from tools.site_links import broken_links


def test_a_planted_broken_link_is_found(tmp_path):
    """To a page, to a file, to a place inside a page; what leads somewhere is not."""
    (tmp_path / "a.html").write_text(
        '<p id="here"><a href="#here">x</a><a href="b.html#there">x</a><a href="https://example.org/no">x</a>'
        '<a href="no.html">x</a><img src="no.png"><a href="b.html#no">x</a><a href="#no">x</a>'
    )
    (tmp_path / "b.html").write_text('<h1 id="there">x</h1>')
    found = [line.split("'")[1] for line in broken_links(tmp_path)]
    assert found == ["no.html", "no.png", "b.html#no", "#no"]


def test_links_to_notebooks_that_are_no_pages_lead_to_colab():
    elsewhere = {"hw": "https://colab.example/hw"}
    assert to_colab("[a](../week01_x/hw.ipynb) [b](hw.ipynb#part)", elsewhere).count("(https://colab.example/hw)") == 2
    assert to_colab("[c](lecture.ipynb)", elsewhere) == "[c](lecture.ipynb)"


def test_nothing_secret_is_laid_out(repo, tmp_path):
    """And every lecture is."""
    course = load_course(repo)
    lay_out(course, tmp_path / "source")
    names = [path.relative_to(tmp_path / "source").as_posix() for path in (tmp_path / "source").rglob("*")]
    assert not [name for name in names if "solutions" in name or name.endswith("keys.py")]
    lectures = {
        f"{week.folder}/{nb.name}.ipynb" for week in course.weeks for nb in week.notebooks if nb.kind == "lecture"
    }
    assert lectures and lectures == {name for name in names if name.endswith(".ipynb")}


def test_links_of_pages_lead_to_what_is_laid_out(repo, tmp_path):
    lay_out(load_course(repo), tmp_path)
    lead_nowhere = []
    for page in tmp_path.rglob("*.md"):
        links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
        lead_nowhere += [(page.name, link) for link in links if not (page.parent / link).exists()]
    assert lead_nowhere == []


PAGE = (
    '<!doctype html><html><head><meta charset="utf-8" /><script>window.ours = 1</script>'
    '<script src="https://cdn.example/m@3/es5/tex.js?config=x"></script></head>'
    '<body><button onclick="window.clicked = &quot;yes&quot;">x</button></body></html>'
)


@pytest.mark.browser
def test_the_policy_of_the_site_lets_run_what_was_built_and_nothing_else(browser, tmp_path):
    """What stands in a page when it is built runs; a script or handler that is put in later does not."""
    made = with_policy(PAGE)
    assert "https://cdn.example/m@3/es5/ " in made and with_policy(FORWARD) != FORWARD
    planted = "<script>window.ran = 1</script><img src=x onerror='window.ran = 2'></body>"
    (tmp_path / "page.html").write_text(made.replace("</body>", planted), encoding="utf-8")
    page = browser.new_page()
    page.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
    page.goto((tmp_path / "page.html").as_uri())
    page.locator("button").click()
    page.wait_for_timeout(200)
    found = page.evaluate("[window.ours, window.clicked, window.ran]")
    page.close()
    assert found == [1, "yes", None]


@pytest.mark.long
@pytest.mark.browser
def test_the_site_is_built_and_read_in_a_browser(repo, browser, tmp_path):
    """Without a warning, without a broken link; a lecture has its figures and its link to Colab."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.site", "--to", tmp_path], cwd=repo, capture_output=True, text=True
    )
    assert done.returncode == 0 and " 0 broken links" in done.stdout, done.stdout + done.stderr[-3000:]
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "site").rglob("*.html")]
    assert all("Content-Security-Policy" in page for page in pages)
    page = browser.new_page()
    refused = []
    page.on("console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None)
    page.route(lambda url: not url.startswith("file:"), lambda route: route.abort())
    page.goto((tmp_path / "site" / "index.html").as_uri(), wait_until="domcontentloaded")
    page.wait_for_url("**/docs/index.html")
    page.get_by_role("link", name="Instructor guide: a term in ten commands").first.click()
    page.get_by_role("heading", name="Once a week").wait_for()
    page.goto((tmp_path / "site" / "week01_backprop" / "intro_to_backprop.html").as_uri(), wait_until="load")
    assert page.locator("img[src*='_images/']").count() >= 3
    assert page.locator("a[href*='colab.research.google.com']").count() >= 1
    assert refused == []
    shown = [path for path in sorted((tmp_path / "site").rglob("*.html")) if path.parent != tmp_path / "site"]
    assert len(shown) > 30 and too_wide(browser, shown) == []  # the one above them only leads to the first
