"""What on a page could run, found in its source: the second pair of eyes beside the browser."""

import re

from bs4 import BeautifulSoup

ACTIVE = [
    "iframe",
    "object",
    "embed",
    "applet",
    "base",
    "form",
    "template",
    "frame",
    "portal",
    "video",
    "audio",
]
FORMULA = {"class", "display", "mathvariant", "mathcolor", "stretchy", "columnalign", "width", "lspace", "rspace"}


def is_policy(tag):
    """Whether it is a Content-Security-Policy in the page's head, which only forbids."""
    head = tag.name == "meta" and tag.parent is not None and tag.parent.name == "head"
    return head and tag.get("http-equiv") == "Content-Security-Policy"


def active_parts(html, svg=False):
    """Tags and attributes that could run or fetch something. `svg`: the page's own drawings are allowed."""
    soup = BeautifulSoup(html, "html.parser")
    found = [str(tag)[:100] for tag in soup.find_all(ACTIVE if svg else [*ACTIVE, "svg"])]
    found += [str(tag)[:100] for tag in soup.find_all("script")]
    for formula in soup.find_all("math"):  # what a formula became: text, sizes, nothing else
        parts = [formula, *formula.find_all(True)]
        found += [str(tag)[:100] for tag in parts if not (tag.name.startswith("m") and tag.attrs.keys() <= FORMULA)]
    found += [str(tag)[:100] for tag in soup.find_all("meta", attrs={"http-equiv": re.compile("refresh", re.I)})]
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            value = "".join(str(value).split()).lower()
            runs = name.startswith("on") or name in ("srcdoc", "formaction", "ping", "background")
            runs = (
                runs
                or value.startswith(("javascript:", "vbscript:"))
                or ("data:" in value and "data:image/" not in value)
            )
            runs = runs and not is_policy(tag)
            if runs or (name == "style" and "url(" in value) or (name == "src" and "hostile" in value):
                found.append(f"<{tag.name} {name}={value[:80]}>")
    return found
