"""Every hostile submission, by family. `docs/security.md` has a row for each."""

from dataclasses import replace

from tests.hostile import (
    answers,
    channel,
    editing,
    exhausting,
    flooding,
    handing_in,
    leaving,
    looking,
    markup,
    network,
    patching,
)

FAMILIES = (patching, channel, answers, looking, leaving, network, exhausting, flooding, editing, markup, handing_in)
ATTACKS = {
    attack.name: replace(attack, family=family.__name__.rpartition(".")[2])
    for family in FAMILIES
    for attack in family.ATTACKS
}
COUNT = sum(len(family.ATTACKS) for family in FAMILIES)
QUICK = {name: attack for name, attack in ATTACKS.items() if attack.quick}
