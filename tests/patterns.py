"""Whether a regular expression takes time in proportion to the text, read off its structure: no clock.

A pattern becomes an automaton of which each state has read one character. It is slow when a word can be read in two
ways that both go round: from state p back to p and also to another state q, and from q back to q. A search adds one
state more, which reads anything: it stands for the tries that begin further on. A loop from which the pattern may end
at once costs nothing, since what it has read is then found and not read again.
(Weber and Seidl 1991, "On the degree of ambiguity of finite automata".)
"""

import re
from collections.abc import Iterator
from re import _compiler, _constants, _parser

END = ""
ALPHABET = frozenset(map(chr, range(128))) | {"\x85", "é", "\u0660", "\u2028", "\u4e2d"}
ANYTHING = ALPHABET | {END}
FEW = 64  # a repeat of at most so many is no loop
_ONE = {_constants.LITERAL, _constants.NOT_LITERAL, _constants.ANY, _constants.IN}
_LOOPS = {_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT}
_ASSERTS = {_constants.ASSERT: True, _constants.ASSERT_NOT: False}


def slow(pattern: str, flags: int = 0, how: str = "search") -> str:
    """Why the pattern may take more than linear time, or "". `how`: search (or find, sub, split), match, fullmatch."""
    try:
        return _Automaton(pattern, flags, how).verdict()
    except NotImplementedError as error:
        return str(error)


class _Automaton:
    def __init__(self, pattern: str, flags: int, how: str):
        self.state = _parser.State()
        self.tree = _parser.parse(pattern, flags)
        self.flags = self.tree.state.flags
        self.silent: list[list[tuple[int, frozenset]]] = []  # state -> (state, what may come next)
        self.reading: list[list[tuple[frozenset, int]]] = []  # state -> (characters, state)
        self.search, start = self.new(), self.new()
        items, before = self._beginning(list(self.tree))
        self.end = self.build(items, start)
        if how == "fullmatch":
            last = self.new()
            self.silent[self.end].append((last, frozenset({END})))
            self.end = last
        if how == "search" and before:
            self.reading[self.search] += [(ALPHABET, self.search), (before, start)]
        self.roots = [self.search, start]

    def new(self) -> int:
        self.silent.append([])
        self.reading.append([])
        return len(self.silent) - 1

    def _beginning(self, items: list) -> tuple[list, frozenset]:
        """The pattern without its demands on where it begins, and the characters that may stand before it."""
        before = ALPHABET
        while items and items[0][0] in (_constants.AT, *_ASSERTS):
            kind, what = items[0]
            if kind is _constants.AT and what is _constants.AT_BEGINNING:
                before = before & {"\n"} if self.flags & re.MULTILINE else frozenset()
            elif kind in _ASSERTS and what[0] == -1 and self.one(what[1]):
                there = self.characters(what[1][0])
                before &= there if _ASSERTS[kind] else ALPHABET - there
            else:
                break
            items = items[1:]
        return items, before

    def one(self, items: object) -> bool:
        return len(items) == 1 and items[0][0] in _ONE

    def characters(self, item: tuple) -> frozenset:
        single = _compiler.compile(_parser.SubPattern(self.state, [item]), self.flags & ~re.DEBUG)
        return frozenset(filter(single.fullmatch, ALPHABET))

    def build(self, items: object, at: int) -> int:
        for kind, what in items:
            at = self.add(kind, what, at)
        return at

    def add(self, kind: object, what: object, at: int) -> int:
        if kind in _ONE:
            after = self.new()
            self.reading[at].append((self.characters((kind, what)), after))
            return after
        if kind is _constants.SUBPATTERN:
            return self.build(what[3], at)
        if kind is _constants.ATOMIC_GROUP:
            return self.build(what, at)
        if kind is _constants.BRANCH:
            after = self.new()
            for branch in what[1]:
                begin = self.new()
                self.silent[at].append((begin, ANYTHING))
                self.silent[self.build(branch, begin)].append((after, ANYTHING))
            return after
        if kind in _LOOPS:
            return self.loop(kind, *what, at)
        if kind in _ASSERTS:
            return self.look(_ASSERTS[kind], *what, at)
        if kind is _constants.AT:
            ends = {_constants.AT_END: {"\n", END}, _constants.AT_END_STRING: {END}}
            return self.then(at, frozenset(ends.get(what, ANYTHING)))
        raise NotImplementedError(f"{kind} is not understood")

    def then(self, at: int, allowed: frozenset) -> int:
        after = self.new()
        self.silent[at].append((after, allowed))
        return after

    def loop(self, kind: object, least: int, most: int, items: object, at: int) -> int:
        for _ in range(min(least, 2)):
            at = self.build(items, at)
        leaves = ANYTHING
        if kind is _constants.POSSESSIVE_REPEAT and self.one(items):
            leaves = ANYTHING - self.characters(items[0])
        if most <= FEW:
            after = self.new()
            for _ in range(min(most - least, 2)):
                self.silent[at].append((after, leaves if most > 1 else ANYTHING))
                at = self.build(items, at)
            self.silent[at].append((after, ANYTHING))
            return after
        round_again = self.then(at, ANYTHING)
        self.silent[self.build(items, round_again)].append((round_again, ANYTHING))
        return self.then(round_again, leaves)

    def look(self, wanted: bool, direction: int, items: object, at: int) -> int:
        if direction == 1 and self.one(items):
            there = self.characters(items[0])
            return self.then(at, there if wanted else ANYTHING - there)
        if direction == 1:
            self.build(items, self.then(at, ANYTHING))
        return self.then(at, ANYTHING)

    def paths(self, at: int, allowed: frozenset = ANYTHING, seen: tuple = ()) -> Iterator[tuple[int, frozenset]]:
        """The states reached without reading, each way on its own, with what may come next there."""
        yield at, allowed
        for after, demand in self.silent[at]:
            if after not in seen and allowed & demand:
                yield from self.paths(after, allowed & demand, (*seen, at))

    def verdict(self) -> str:
        steps: dict[int, list[tuple[frozenset, int]]] = {}
        ends: dict[int, frozenset] = {}
        waiting = list(self.roots)
        while waiting:
            at = waiting.pop()
            if at in steps:
                continue
            steps[at], ends[at] = [], frozenset()
            for place, allowed in self.paths(at):
                if place == self.end:
                    ends[at] |= allowed
                steps[at] += [(read & allowed, to) for read, to in self.reading[place] if read & allowed]
            waiting += [to for _, to in steps[at]]
        home = _components(steps)
        inside = {at: [read for read, to in steps[at] if home[to] == home[at]] for at in steps}
        done = {at for at in steps if ends[at] and ends[at].union(*inside[at]) == ANYTHING}
        loops = {at for at in steps if any(home[to] == home[at] for _, to in steps[at])}
        return _twice(steps, home, loops) or _both(steps, home, loops, done)


def _components(steps: dict) -> dict[int, int]:
    """A number for each state, the same for those that lead to each other."""
    reach = {}
    for at in steps:
        found, waiting = set(), [at]
        while waiting:
            for _, to in steps[waiting.pop()]:
                if to not in found:
                    found.add(to)
                    waiting.append(to)
        reach[at] = found
    return {at: min([at, *(to for to in reach[at] if at in reach[to])]) for at in steps}


def _twice(steps: dict, home: dict, loops: set) -> str:
    """A loop that reads one word in two ways: time doubles with each character."""
    for at in loops:
        inside = [(read, to) for read, to in steps[at] if home[to] == home[at]]
        for number, (read, to) in enumerate(inside):
            for other, elsewhere in inside[number + 1 :]:
                if read & other and (to == elsewhere or _meet(steps, home, to, elsewhere)):
                    return f"a loop reads {_shown(read & other)} in two ways"
    return ""


def _meet(steps: dict, home: dict, one: int, other: int) -> bool:
    seen, waiting = set(), [(one, other)]
    while waiting:
        pair = waiting.pop()
        for read, to in steps[pair[0]]:
            for same, too in steps[pair[1]]:
                if read & same and home[to] == home[one] and home[too] == home[one] and (to, too) not in seen:
                    if to == too:
                        return True
                    seen.add((to, too))
                    waiting.append((to, too))
    return False


def _both(steps: dict, home: dict, loops: set, done: set) -> str:
    """Two loops, one after the other, that read the same word: time grows with the square."""
    for first in loops:
        for second in loops - done - {first}:
            seen, waiting = set(), [(first, first, second)]
            while waiting:
                a, b, c = waiting.pop()
                for read, to in steps[a]:
                    for same, too in steps[b] if home[to] == home[first] else ():
                        for third, last in steps[c] if read & same else ():
                            both = read & same & third
                            if both and home[last] == home[second] and (to, too, last) not in seen:
                                if (to, too, last) == (first, second, second):
                                    return f"two loops read {_shown(both)}, or a search begins within one"
                                seen.add((to, too, last))
                                waiting.append((to, too, last))
    return ""


def _shown(characters: frozenset) -> str:
    return ascii("".join(sorted(characters, key=lambda c: (not c.isalnum(), c))[:5]))
