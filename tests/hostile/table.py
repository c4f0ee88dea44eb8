"""The table of attacks in docs/security.md, made from the catalogue: `python -m tests.hostile.table` writes it anew."""

from pathlib import Path

from tests.hostile.catalogue import FAMILIES

PAGE = Path(__file__).resolve().parents[2] / "docs" / "security.md"
START, END = "<!-- attacks -->", "<!-- /attacks -->"
TEST = "test_catalogue.py"
QUICK = "test_an_attack_gets_what_is_honest_in_it"
FULL = "test_every_attack_gets_what_is_honest_in_it"


def table():
    """One part a family, one row an attack: its name, what it tries, the test that tries it."""
    lines = []
    for family in FAMILIES:
        about = family.__doc__.splitlines()[0]
        lines += [
            f"**{about}** (`tests/hostile/{Path(family.__file__).name}`)",
            "",
            "| attack | tries to | test |",
            "| --- | --- | --- |",
        ]
        for attack in family.ATTACKS:
            tests = f"`{FULL}[{attack.name}]`" + (f", `{QUICK}[{attack.name}]`" if attack.quick else "")
            lines.append(f"| {attack.name} | {attack.tries.replace('|', '/')} | {tests} |")
        lines.append("")
    return "\n".join(lines)


def with_table(text):
    before, rest = text.split(START)
    return f"{before}{START}\n\n{table()}{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
