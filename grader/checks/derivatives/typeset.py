"""A derivation, typeset: a line each, right or wrong, with the rule that leads to it at the side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from grader.checks.derivatives.derivation import Derivation, Line
from grader.checks.derivatives.language import Node, Refused, number
from grader.checks.derivatives.values import degree, is_number, total
from grader.checks.figures.style import in_notebook, watched

MARKS = {True: "✓", False: "✗", None: " "}
GREEK = {"lam": r"\lambda", "mu": r"\mu", "Sigma": r"\Sigma", "sigma": r"\sigma", "alpha": r"\alpha", "eta": r"\eta"}
ORDER = {"add": 1, "sub": 1, "mul": 2, "mat": 2, "neg": 3, "pow": 4, "T": 5}
NAMES = {"tr": r"\operatorname{tr}", "det": r"\det", "log": r"\ln", "exp": r"\exp", "tanh": r"\tanh"}


@dataclass(frozen=True)
class Shown:
    """A judged derivation: `right`, `text()`, and `show()`, which displays it, formulas where somebody watches."""

    found: Derivation

    @property
    def right(self) -> bool:
        return self.found.right

    def show(self) -> None:
        if in_notebook() and watched():
            from IPython.display import display

            display({"text/plain": self.text(), "text/markdown": self.markdown()}, raw=True)
        else:
            print(self.text())

    def __repr__(self) -> str:
        return self.text()

    def _repr_markdown_(self) -> str:
        return self.markdown()

    def text(self) -> str:
        """A line each, with its mark and the rule, and what is wrong."""
        lines = []
        for line in self.found.lines:
            said = f"{MARKS[self.mark(line)]} {line.number:>2}  {self.lead(line)}{line.text}"
            lines.append(f"{said:<70}  {line.rule}" if line.rule else said)
            if line.fault:
                lines.append(f"      {line.fault}")
        if self.found.whole:
            lines.append(f"{MARKS[False]}     {self.found.whole}")
        return "\n".join(lines)

    def markdown(self) -> str:
        """A table: marks, formulas, rules."""
        rows = ["| | | | |", "| --: | :-: | :-- | :-- |"]
        for line in self.found.lines:
            formula = _code(self.lead(line) + line.text)
            if line.node is not None:
                begun = f"{letter(line.defines)} = " if line.defines else ""
                formula = f"$\\displaystyle {begun}{tex(line.node, self.is_number)}$"
            equals, mark = "$=$" if self.lead(line) and not line.defines else "", MARKS[self.mark(line)]
            rows.append(f"| {mark} {line.number} | {equals} | {formula} | {line.rule} |")
            if line.fault:
                rows.append(f"| | | {_cell(str(line.fault))} | |")
        after = f"\n\n{MARKS[False]} {_cell(str(self.found.whole))}" if self.found.whole else ""
        return "\n".join(rows) + after

    def is_number(self, node: Node) -> bool:
        evaluator = self.found.evaluators[0]
        try:
            differential = degree(node) == 1
            return is_number(total(evaluator.terms(node)) if differential else evaluator.value(node))
        except Refused:
            return False

    def mark(self, line: Line) -> bool | None:
        if line.fault:
            return False
        return True if line.right else None

    def lead(self, line: Line) -> str:
        if line.defines:
            return f"{line.defines} = "
        first = next(one for one in self.found.lines if one.chain == line.chain)
        return "" if line is first else "= "


def _code(text: str) -> str:
    return f"`{_cell(text)}`".replace("``", "` `")


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ").replace("$", "")


def tex(node: Node, is_number: Callable[[Node], bool]) -> str:
    """The expression as TeX; a product by entries has a sign of its own, unless a factor is a number."""

    def inside(one: Node) -> str:
        return tex(one, is_number)

    def base(one: Node) -> str:
        return inside(one) if one.op in ("name", "num", "I") else rf"\left({inside(one)}\right)"

    op, children = node.op, node.children

    def child(one: Node, least: int) -> str:
        said = inside(one)
        return rf"\left({said}\right)" if ORDER.get(one.op, 9) < least else said

    if op == "num":
        return number(node.value or 0.0)
    if op == "I":
        return "I"
    if op in ("name", "diff"):
        return f"d{letter(node.name)}" if op == "diff" else letter(node.name)
    if op == "d":
        inner = inside(children[0])
        return f"d{inner}" if children[0].op == "name" else rf"d\left({inner}\right)"
    if op == "ip":
        return rf"\left\langle {inside(children[0])},\; {inside(children[1])} \right\rangle"
    if op == "neg":
        return f"-{child(children[0], 2)}"
    if op == "T":
        return f"{base(children[0])}^\\top"
    if op == "pow":
        return f"{base(children[0])}^{{{number(node.value or 0.0)}}}"
    if op == "call":
        return _call(node, inside, base)
    if op == "div":
        return rf"\frac{{{inside(children[0])}}}{{{inside(children[1])}}}"
    left, right = children
    if op in ("add", "sub"):
        return f"{child(left, 1)} {'+' if op == 'add' else '-'} {child(right, 2 if op == 'sub' else 1)}"
    sign = r"\odot" if op == "mul" and not is_number(left) and not is_number(right) else r"\,"
    return rf"{child(left, 2)} {sign} {child(right, 3)}"


def _call(node: Node, inside: Callable[[Node], str], base: Callable[[Node], str]) -> str:
    inner = [inside(one) for one in node.children]
    if node.name == "inv":
        return f"{base(node.children[0])}^{{-1}}"
    if node.name == "norm":
        return rf"\left\lVert {inner[0]} \right\rVert"
    if node.name == "sqrt":
        return rf"\sqrt{{{inner[0]}}}"
    if node.name == "outer":
        return rf"{base(node.children[0])}\,{base(node.children[1])}^\top"
    name = NAMES.get(node.name, rf"\operatorname{{{node.name}}}")
    axis = "" if node.value is None else rf"_{{\text{{axis }}{node.value:.0f}}}"
    return rf"{name}{axis}\left({inner[0]}\right)"


def letter(name: str) -> str:
    """`W1` as W with a small 1."""
    if name in GREEK:
        return GREEK[name]
    head = name.rstrip("0123456789")
    digits = name[len(head) :]
    said = head if len(head) == 1 else rf"\mathrm{{{head}}}".replace("_", r"\_")
    return f"{said}_{{{digits}}}" if digits else said
