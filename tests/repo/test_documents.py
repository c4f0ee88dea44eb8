"""What the documents tell a reader to type or to open is there, and no file tells of one person's machine."""

import re
import subprocess

import click
import pytest

GUIDES = ["student", "instructor", "collecting", "lateness-and-marks", "exercise", "new-week", "scaling"]
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/README.md", "docs/notation.md"]
DOCUMENTS += [f"docs/{name}.md" for name in GUIDES]
# Words of paths that exist on one machine only. Split, so that this file does not find itself.
MACHINE_PATHS = re.compile("|".join(["/work/" + "(main|shared)", "/tmp/" + "brief", r"\.py" + "env/versions"]))
CODE = re.compile(r"^```.*?^```|`[^`\n]+`", re.MULTILINE | re.DOTALL)


def commands(text: str, program: str) -> set[str]:
    """The words that follow `program` in the code of a Markdown text: `make demo` -> demo."""
    code = "\n".join(match[0].strip("`") for match in CODE.finditer(text))
    return set(re.findall(rf"^[ $]*{program} ([a-z][a-z-]*)", code, re.MULTILINE))


def targets(makefile: str) -> set[str]:
    """The targets of a Makefile that `make help` lists."""
    return set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))


def broken_links(text: str, folder) -> list[str]:
    """Relative links and pictures of a Markdown text that lead nowhere from `folder`."""
    links = re.findall(r"\]\(([^)#\s]+)", text) + re.findall(r"(?:src|href)=\"([^\"#]+)", text)
    return [link for link in links if "://" not in link and not (folder / link).exists()]


def test_commands_are_read_from_code_only():
    """The reading finds commands in fences and back-ticks, and leaves prose alone."""
    text = "to make sure, run `make demo`:\n```bash\nmake test  # all\ngrader grade week01\n```\n"
    assert commands(text, "make") == {"demo", "test"}
    assert commands(text, "grader") == {"grade"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_command_exists(document, repo):
    """`make X` in a document is a target that `make help` lists."""
    assert commands((repo / document).read_text(), "make") <= targets((repo / "Makefile").read_text())


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_grader_command_exists(document, repo):
    """`grader X` in a document is a command of the program."""
    from grader.desk.cli import main

    assert isinstance(main, click.Group)
    assert commands((repo / document).read_text(), "grader") <= set(main.commands)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document, repo):
    """Files and pictures that a document links to are in the repository."""
    path = repo / document
    assert broken_links(path.read_text(), path.parent) == []


def test_a_planted_broken_link_is_found(repo):
    """A link to a file that is not there is noticed, in both ways of writing one."""
    assert broken_links('[a](gone.md) ![b](README.md) <img src="lost.png">', repo) == ["gone.md", "lost.png"]


def tracked_files(repo):
    """Text of every tracked file by path; pictures and the like are left out."""
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=repo, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listing.split("\0")):
        path = repo / name
        if path.is_file() and path.suffix not in {".png", ".gz", ".npz", ".ico"}:
            yield name, path.read_text(encoding="utf-8")


def test_no_file_mentions_one_persons_machine(repo):
    """Nothing in the repository depends on, or tells of, where it was written."""
    assert {name: found[0] for name, text in tracked_files(repo) if (found := MACHINE_PATHS.search(text))} == {}


def test_a_planted_machine_path_is_found():
    """The search finds what it looks for."""
    assert MACHINE_PATHS.search("cd /work" + "/main && make")
