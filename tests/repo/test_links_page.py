"""The page of links lists what the weeks link to; what is known to be gone is linked nowhere."""

import re

import pytest

OURS = ("https://colab.research.google.com/assets/", "https://colab.research.google.com/github/backprop-course/")
OURS += ("https://github.com/backprop-course/", "https://...")
LINK = re.compile(r"https?://[^\s)>\"'\\]+")


def links_of(text):
    return {link.rstrip(".,;:") for link in LINK.findall(text) if not link.startswith(OURS)}


def of_the_weeks(repo):
    pages = [*repo.glob("week[0-9]*/README.md"), *repo.glob("week[0-9]*/*.ipynb")]
    return set().union(*(links_of(page.read_text(encoding="utf-8")) for page in pages))


def gone(page):
    """The ends of the addresses in the page's last table."""
    return re.findall(r"^\| `([^`]+)` \|", page.partition("## Gone")[2], re.MULTILINE)


@pytest.fixture(scope="module")
def page(repo):
    return (repo / "docs" / "links.md").read_text(encoding="utf-8")


def test_every_link_of_the_weeks_is_on_the_page_and_no_other(repo, page):
    """With what it offers, its language and its length."""
    linked = of_the_weeks(repo)
    assert len(linked) > 40 and links_of(page) == linked
    for row in re.findall(r"^\| .*https?://.*$", page, re.MULTILINE):
        assert len(row.strip("| ").split(" | ")) == 4, row


def test_nothing_that_is_gone_is_linked(repo, page):
    """By any page, notebook or test of ours, this page included."""
    ends = gone(page)
    assert len(ends) == 3
    places = [*repo.glob("week[0-9]*/*"), *repo.glob("docs/*.md"), *repo.glob("tests/week*/*.py"), repo / "README.md"]
    texts = {place.name: place.read_text(encoding="utf-8") for place in places if place.is_file()}
    assert [name for name, text in texts.items() for link in LINK.findall(text) if link.endswith(tuple(ends))] == []
