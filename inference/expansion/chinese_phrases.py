"""Builds the noun phrases of one Chinese clause: number, measure word, adjectives, noun.

It knows phrases up to the noun; what stands between phrases is the grammar's business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from inference.expansion.lexicon.entries import Kind, listed
from inference.expansion.lexicon.framing import GROUPS, ORS_ZH, PAIRS, PICTURE_MEASURES
from inference.expansion.scene import Scene, Thing
from inference.expansion.tokens import Token

LOOKS: Final = frozenset({Kind.COLOUR, Kind.LOOK, Kind.MOOD})
_VESSELS: Final = frozenset(listed("cup bottle bowl plate glass basket box pot"))


@dataclass(kw_only=True)
class Node:
    """A word or phrase of one clause."""

    kind: Kind
    text: str = ""  # English, or the word itself
    thing: Thing | None = None
    token: Token | None = None
    number: int = 1
    quantity: str = ""
    position: str | None = None
    is_folded: bool = False  # a relation that already holds what it relates to


def nodes_of(scene: Scene, clause: list[Token]) -> list[Node]:
    """One node per word that matters; numbers take their measure words along."""
    nodes: list[Node] = []
    at = 0
    while at < len(clause):
        token = clause[at]
        if token.kind is Kind.NUMBER:
            node, at = _number(scene, clause, at)
            nodes += [node] if node else []
            continue
        at += 1
        if token.kind is Kind.OF and at < len(clause) and clause[at].kind is Kind.RELATION:
            continue
        if token.kind is Kind.RELATION and nodes and nodes[-1].kind in (Kind.PLACE, Kind.TIME):
            continue
        if token.kind is Kind.OPEN:
            scene.is_open = True
        elif token.kind not in (Kind.FRAME, Kind.MEASURE) or _is_piece_of_many(token, nodes):
            nodes.append(_node(token))
    return nodes


def _is_piece_of_many(token: Token, nodes: list[Node]) -> bool:
    return token.kind is Kind.MEASURE and token.text in GROUPS and not nodes


def _node(token: Token) -> Node:
    if token.kind is Kind.MEASURE:
        return Node(kind=Kind.NUMBER, quantity=GROUPS[token.text], token=token)
    kind = Kind.BREAK if token.text == "、" else token.kind
    return Node(kind=Kind.JOIN if kind is Kind.BREAK else kind, text=token.name, token=token)


def _number(scene: Scene, clause: list[Token], at: int) -> tuple[Node | None, int]:
    """The count at ``at`` and where to go on; None where it counts pictures."""
    token = clause[at]
    quantity = token.entry.extra if token.entry and not token.entry.extra.isdigit() else ""
    number = token.number or 1
    at += 1
    if at < len(clause) and clause[at].kind is Kind.MEASURE:
        measure = clause[at].text
        at += 1
        if measure in PICTURE_MEASURES and not _is_counted_by(measure, clause[at:]):
            only = at >= 3 and clause[at - 3].text in ("只", "就", "仅", "只要", "就要")
            if number > 1 or only:
                scene.num_pictures = number
            return None, at
        if measure in PAIRS:
            return _pair(clause, at, measure, max(1, number)), at
        quantity = quantity or GROUPS.get(measure, "")
    return Node(kind=Kind.NUMBER, number=max(1, number), quantity=quantity, token=token), at


def _pair(clause: list[Token], at: int, measure: str, number: int) -> Node:
    """一双鞋 is two shoes; 一对情侣 is one couple, which comes in pairs by itself."""
    if _is_counted_by(measure, clause[at:]) and measure == "对":
        return Node(kind=Kind.NUMBER, number=number)
    quantity = GROUPS[measure] if number == 1 else f"{number} pairs of"
    return Node(kind=Kind.NUMBER, number=2 * number, quantity=quantity)


def _is_counted_by(measure: str, following: list[Token]) -> bool:
    """Whether the next noun is counted by ``measure``: 两张桌子 are tables, not pictures."""
    for token in following:
        if token.kind is Kind.THING and token.entry:
            return token.entry.extra == measure
        if token.kind is Kind.UNKNOWN:
            return False
    return False


def noun_phrases(scene: Scene, nodes: list[Node]) -> list[Node]:
    """Gather number and adjectives into the noun they stand before."""
    gathering = _Gathering(scene=scene)
    for index, node in enumerate(nodes):
        following = nodes[index + 1] if index + 1 < len(nodes) else None
        gathering.take(node, nodes[index - 1] if index else None, following)
    gathering.give_up()
    return gathering.phrases


@dataclass(kw_only=True)
class _Gathering:
    """A number and adjectives on their way to a noun."""

    scene: Scene
    phrases: list[Node] = field(default_factory=list)
    count: Node | None = None
    looks: list[Node] = field(default_factory=list)

    def take(self, node: Node, before: Node | None, following: Node | None) -> None:
        is_noun = node.kind is Kind.THING or (
            node.kind is Kind.UNKNOWN and (self.count is not None or bool(self.looks))
        )
        if node.kind is Kind.NUMBER:
            self.count = node
        elif node.kind in LOOKS:
            self.looks.append(node)
        elif self._links_looks(node, following):
            if node.text in ORS_ZH:
                self.looks.append(node)
        elif _describes_next(node, before, following):
            self.looks.append(node)
        elif is_noun and (vessel := _vessel(node, before, self.phrases)):
            vessel.name += f" of {node.text}"
        elif is_noun:
            self.phrases.append(thing_node(self.scene, node, self.count, self.looks))
            self.count, self.looks = None, []
        else:
            self.give_up()
            self.phrases.append(node)

    def _links_looks(self, node: Node, following: Node | None) -> bool:
        """红色*的*猫, 黑色*和*白色的猫."""
        if not self.looks:
            return False
        is_join = node.kind is Kind.JOIN and following is not None and following.kind in LOOKS
        return node.kind is Kind.OF or is_join

    def give_up(self) -> None:
        """No noun follows: adjectives describe the noun before them (猫很可爱) or the picture."""
        looks = _without_alternatives(self.looks)
        if looks and self.phrases and self.phrases[-1].thing is not None:
            _describe(self.scene, self.phrases[-1].thing, looks)
        else:
            for look in looks:
                _note_look(self.scene, look)
                _colour_only_thing(self.scene, look)
                if look.text not in self.scene.looks:
                    self.scene.looks.append(look.text)
        self.phrases += [self.count] if self.count else []
        self.count, self.looks = None, []


def _colour_only_thing(scene: Scene, look: Node) -> None:
    """一只猫，白色: a colour said apart belongs to the one thing there is."""
    entry = look.token.entry if look.token else None
    if look.kind is Kind.COLOUR and entry and len(scene.things) == 1:
        scene.things[0].colours.append(entry)


def _without_alternatives(looks: list[Node]) -> list[Node]:
    """Of "red or blue" the first: the best guess until the person is asked."""
    ors = {index for index, look in enumerate(looks) if look.kind is Kind.JOIN}
    return [look for index, look in enumerate(looks) if index not in ors and index - 1 not in ors]


def _touches(node: Node, following: Node | None) -> bool:
    return bool(
        following and node.token and following.token and node.token.end == following.token.start
    )


def _describes_next(node: Node, before: Node | None, following: Node | None) -> bool:
    """Whether a noun only names the kind of the noun after it: 机器*猫*."""
    if following is None or following.kind is not Kind.THING or not _touches(node, following):
        return False
    return node.kind is Kind.UNKNOWN or (
        node.kind is Kind.THING and not _is_counted_vessel(node, before)
    )


def _is_counted_vessel(node: Node | None, before: Node | None) -> bool:
    return (
        node is not None and node.text in _VESSELS
        and before is not None and before.kind is Kind.NUMBER
    )  # fmt: skip


def _vessel(node: Node, before: Node | None, phrases: list[Node]) -> Thing | None:
    """The counted cup that ``node`` fills, 一杯*咖啡*, if it does."""
    is_filled = before is not None and before.text in _VESSELS and _touches(before, node)
    return phrases[-1].thing if is_filled and phrases else None


def thing_node(scene: Scene, noun: Node, count: Node | None, looks: list[Node]) -> Node:
    """The noun with its number and adjectives, entered in the scene."""
    entry = noun.token.entry if noun.token else None
    thing = Thing(
        name=noun.text, is_known=noun.kind is Kind.THING,
        is_mass=entry is not None and entry.is_mass,
    )  # fmt: skip
    _describe(scene, thing, looks)
    if count:
        thing.count, thing.quantity = count.number, count.quantity
    scene.things.append(thing)
    if not thing.is_known:
        scene.unknown.append(thing.name)
    return Node(kind=Kind.THING, thing=thing)


def _describe(scene: Scene, thing: Thing, looks: list[Node]) -> None:
    """Adjectives in English order: colours stand last, before other nouns."""
    order = {Kind.COLOUR: 1, Kind.UNKNOWN: 2, Kind.THING: 2}
    for look in sorted(_without_alternatives(looks), key=lambda node: order.get(node.kind, 0)):
        if look.text in thing.looks:
            continue
        thing.looks.append(look.text)
        scene.num_details += 1
        if look.token and look.token.entry:
            if look.kind is Kind.COLOUR:
                thing.colours.append(look.token.entry)
            _note_look(scene, look)


def _note_look(scene: Scene, look: Node) -> None:
    entry = look.token.entry if look.token else None
    if entry and look.kind is Kind.COLOUR:
        scene.colours.append(entry)
    elif entry and look.kind is Kind.MOOD:
        scene.moods.append(entry)
    elif look.kind is Kind.UNKNOWN:
        scene.unknown.append(look.text)
