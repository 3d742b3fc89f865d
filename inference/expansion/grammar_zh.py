"""Turns a Chinese wish into English phrases, word by word and by a small grammar.

It knows how Chinese noun phrases are built (number, measure word, modifiers with 的, then
the noun; places with 在; existence with 有), and nothing of pictures. Words no table holds
stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from inference.expansion.lexicon.entries import Kind
from inference.expansion.lexicon.framing import GROUPS, ORS_ZH, PICTURE_MEASURES
from inference.expansion.scene import Scene, Thing
from inference.expansion.tokens import Token

_LOOKS: Final = frozenset({Kind.COLOUR, Kind.LOOK, Kind.MOOD})
_VESSELS: Final = frozenset("cup bottle bowl plate glass basket box pot".split())
_ABSOLUTE: Final = {
    "left of": ("left", "on the left"), "right of": ("right", "on the right"),
    "above": ("top", "at the top"), "below": ("bottom", "at the bottom"),
    "between": ("middle", "in the middle"), "in": ("middle", "in the middle"),
    "in front of": ("foreground", "in the foreground"),
    "behind": ("background", "in the background"),
}  # fmt: skip
_BETWEEN: Final = "between"


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


def read_chinese(tokens: Sequence[Token]) -> Scene:
    """The scene of a Chinese wish, with its things' phrases in English."""
    scene = Scene()
    for clause in _clauses(_without_negatives(scene, _styled(tokens))):
        nodes = _nodes(scene, clause)
        nodes = _noun_phrases(scene, nodes)
        nodes = _relatives(scene, nodes)
        nodes = _existence(scene, nodes)
        if text := _rendered(scene, nodes):
            scene.clauses.append(text)
    scene.is_subject_named = bool(scene.things or scene.unknown)
    return scene


def _styled(tokens: Sequence[Token]) -> list[Token]:
    """Join a word with the bare 风格 after it into one style: 莫兰迪 + 风格."""
    joined: list[Token] = []
    for token in tokens:
        if joined and joined[-1].kind is Kind.STYLE and joined[-1].end == token.start:
            if token.text in _STYLE_ENDINGS:
                continue
        if token.kind is Kind.STYLE and token.entry and not token.entry.english:
            if joined and joined[-1].end == token.start and joined[-1].kind not in _NOT_STYLE:
                last = joined.pop()
                if last.kind is Kind.STYLE:
                    joined.append(last)
                else:
                    joined.append(
                        Token(kind=Kind.STYLE, start=last.start, end=token.end, text=last.name)
                    )
            continue
        joined.append(token)
    return joined


_STYLE_ENDINGS: Final = frozenset({"风", "系", "感", "版", "画", "风的"})
_NOT_STYLE: Final = frozenset({Kind.BREAK, Kind.FRAME, Kind.OF, Kind.AT, Kind.NUMBER, Kind.NOT})


def _without_negatives(scene: Scene, tokens: Sequence[Token]) -> list[Token]:
    """Move what follows 不要, 没有, … into ``scene.negatives``."""
    kept: list[Token] = []
    at = 0
    while at < len(tokens):
        if tokens[at].kind is not Kind.NOT or not _negates(tokens, at):
            kept.append(tokens[at])
            at += 1
            continue
        at += 1
        first = at
        while at < len(tokens) and not _ends_negative(tokens, at, first):
            if tokens[at].kind in _NEGATABLE:
                scene.negatives.append(_negative_name(tokens[at]))
            at += 1
        if at < len(tokens) and tokens[at].kind is Kind.OF:
            at += 1
    return kept


_NEGATABLE: Final = frozenset(
    {Kind.THING, Kind.LOOK, Kind.MOOD, Kind.COLOUR, Kind.STYLE, Kind.UNKNOWN, Kind.PLACE, Kind.TIME,
     Kind.ACTION}
)  # fmt: skip


def _negates(tokens: Sequence[Token], at: int) -> bool:
    """Whether the word at ``at`` really says no; 别 and 无 alone also end other words."""
    if len(tokens[at].text) > 1:
        return True
    is_first = at == 0 or tokens[at - 1].kind in (Kind.BREAK, Kind.FRAME)
    follows = at + 1 < len(tokens) and tokens[at + 1].kind in (Kind.THING, Kind.FRAME)
    return is_first if tokens[at].text == "别" else follows


def _ends_negative(tokens: Sequence[Token], at: int, first: int) -> bool:
    token = tokens[at]
    if token.kind is Kind.BREAK:
        return token.text != "、"
    if token.kind is Kind.OF:
        return at > first and at + 1 < len(tokens) and tokens[at + 1].kind is not Kind.BREAK
    return token.kind in (Kind.AT, Kind.HAS, Kind.NOT) or token.text in ("但", "但是", "要", "而且")


def _negative_name(token: Token) -> str:
    return "people" if token.name == "person" else token.name


def _clauses(tokens: Sequence[Token]) -> Iterable[list[Token]]:
    clause: list[Token] = []
    for token in tokens:
        if token.kind is Kind.BREAK and token.text != "、":
            yield clause
            clause = []
        else:
            clause.append(token)
    yield clause


def _nodes(scene: Scene, clause: list[Token]) -> list[Node]:
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
        quantity = quantity or GROUPS.get(measure, "")
    return Node(kind=Kind.NUMBER, number=max(1, number), quantity=quantity, token=token), at


def _is_counted_by(measure: str, following: list[Token]) -> bool:
    """Whether the next noun is counted by ``measure``: 两张桌子 are tables, not pictures."""
    for token in following:
        if token.kind is Kind.THING and token.entry:
            return token.entry.extra == measure
        if token.kind is Kind.UNKNOWN:
            return False
    return False


def _noun_phrases(scene: Scene, nodes: list[Node]) -> list[Node]:
    """Gather number and adjectives into the noun they stand before."""
    phrases: list[Node] = []
    count: Node | None = None
    looks: list[Node] = []
    for index, node in enumerate(nodes):
        following = nodes[index + 1].kind if index + 1 < len(nodes) else None
        if node.kind is Kind.NUMBER:
            count = node
        elif node.kind in _LOOKS:
            looks.append(node)
        elif node.kind is Kind.OF and looks and nodes[index - 1].kind in _LOOKS:
            continue
        elif node.kind is Kind.THING and following is Kind.THING and not _is_vessel(nodes, index):
            looks.append(node)
        elif node.kind is Kind.THING or (node.kind is Kind.UNKNOWN and (count or looks)):
            if _fills_vessel(phrases, nodes, index):
                phrases[-1].thing.name += f" of {node.text}"  # type: ignore[union-attr]
                continue
            phrases.append(_thing_node(scene, node, count, looks))
            count, looks = None, []
        else:
            phrases += _loose(scene, phrases, count, looks)
            count, looks = None, []
            phrases.append(node)
    return phrases + _loose(scene, phrases, count, looks)


def _is_vessel(nodes: list[Node], index: int) -> bool:
    return nodes[index].text in _VESSELS and index > 0 and nodes[index - 1].kind is Kind.NUMBER


def _fills_vessel(phrases: list[Node], nodes: list[Node], index: int) -> bool:
    return (
        index > 1 and bool(phrases) and phrases[-1].thing is not None
        and nodes[index - 1].kind is Kind.THING and _is_vessel(nodes, index - 1)
    )  # fmt: skip


def _thing_node(scene: Scene, noun: Node, count: Node | None, looks: list[Node]) -> Node:
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
    order = {Kind.COLOUR: 1, Kind.THING: 2}
    for look in sorted(looks, key=lambda node: order.get(node.kind, 0)):
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


def _loose(scene: Scene, phrases: list[Node], count: Node | None, looks: list[Node]) -> list[Node]:
    """Adjectives without a noun describe the noun before them (猫很可爱) or the picture."""
    if looks and phrases and phrases[-1].thing is not None:
        _describe(scene, phrases[-1].thing, looks)
    else:
        for look in looks:
            _note_look(scene, look)
            if look.text not in scene.looks:
                scene.looks.append(look.text)
    return [count] if count else []


def _relatives(scene: Scene, nodes: list[Node]) -> list[Node]:
    """Hang everything before a 的 on the noun after it: 戴帽子的猫 → a cat wearing a hat."""
    done: list[Node] = []
    for node in nodes:
        is_described = bool(done) and done[-1].kind is Kind.OF
        if node.kind is Kind.UNKNOWN and is_described:
            node = _thing_node(scene, node, None, [])
        if node.thing is None or not is_described:
            done.append(node)
            continue
        start = _modifier_start(done)
        for part in _split_at_of(done[start:]):
            _modify(scene, node.thing, part)
        done = [*done[:start], node]
    return done


def _modifier_start(done: list[Node]) -> int:
    """Where the modifiers of the noun after ``done`` begin."""
    verb_at: int | None = None
    for at in range(len(done) - 1, -1, -1):
        kind = done[at].kind
        if kind is Kind.NUMBER:
            return at
        if kind is Kind.HAS:
            return at + 1
        if kind is Kind.JOIN and at + 1 < len(done) and done[at + 1].thing is None:
            return at + 1
        if kind is Kind.ACTION:
            verb_at = at
        elif done[at].thing is not None and verb_at == at + 1:
            return verb_at + 1
    return 0


def _split_at_of(nodes: list[Node]) -> Iterable[list[Node]]:
    part: list[Node] = []
    for node in nodes:
        if node.kind is Kind.OF:
            yield part
            part = []
        else:
            part.append(node)
    yield part


def _modify(scene: Scene, thing: Thing, part: list[Node]) -> None:
    """Attach one modifier to ``thing``."""
    if part and part[0].kind is Kind.NUMBER:
        thing.count, thing.quantity = part[0].number, part[0].quantity
        part = part[1:]
    if not part:
        return
    if any(node.kind is Kind.RELATION for node in part):
        part = _located(part, thing)
    kinds = [node.kind for node in part]
    if kinds == [Kind.THING]:
        owner = part[0].thing
        assert owner is not None
        thing.after.append(f"of {owner.phrase()}")
    elif kinds in ([Kind.ACTION], [Kind.UNKNOWN]):
        thing.looks.insert(0, part[0].text)
        if kinds == [Kind.UNKNOWN]:
            scene.unknown.append(part[0].text)
    else:
        text = _rendered(scene, part)
        thing.after += [text] if text else []
    scene.num_details += 1


def _located(nodes: list[Node], subject: Thing | None) -> list[Node]:
    """Fold "在 B 上方" into one phrase "above a B" and note it as the subject's position."""
    folded: list[Node] = []
    for node in nodes:
        if node.kind is not Kind.RELATION or node.is_folded:
            folded.append(node)
            continue
        if folded and folded[-1].thing is not None:
            node = _relation_to(folded, node.text)
        elif node.text in _ABSOLUTE:
            where, text = _ABSOLUTE[node.text]
            node = Node(kind=Kind.RELATION, text=text, position=where, is_folded=True)
        if folded and folded[-1].kind is Kind.AT:
            folded.pop()
        owner = subject or (folded[-1].thing if folded else None)
        if owner is not None and owner.position is None:
            owner.position = node.position
        folded.append(node)
    return folded


def _relation_to(folded: list[Node], relation: str) -> Node:
    """The phrase for the thing at the end of ``folded``, which is taken off it."""
    other = folded.pop().thing
    assert other is not None
    phrase = other.phrase()
    if relation == _BETWEEN and len(folded) > 1 and folded[-1].kind is Kind.JOIN:
        phrase = f"{_text(folded[-2])} and {phrase}"
        del folded[-2:]
    return Node(
        kind=Kind.RELATION, text=f"{relation} {phrase}", position=f"{relation} the {other.name}",
        is_folded=True,
    )  # fmt: skip


def _existence(scene: Scene, nodes: list[Node]) -> list[Node]:
    """B上方有A → A above B; places and times go to the picture as a whole."""
    kept: list[Node] = []
    for node in _located(nodes, None):
        if node.kind in _WHOLE:
            _note_whole(scene, node)
        elif node.kind not in (Kind.AT, Kind.OF, Kind.NOT):
            kept.append(node)
    if kept and kept[0].is_folded:
        rest = [node for node in kept[1:] if node.kind is not Kind.HAS]
        if rest and rest[0].thing is not None:
            rest[0].thing.position = rest[0].thing.position or kept[0].position
            return [rest[0], kept[0], *rest[1:]]
    if kept and kept[0].kind is Kind.HAS:
        return kept[1:]
    return kept


_WHOLE: Final = frozenset({Kind.PLACE, Kind.TIME, Kind.STYLE})


def _note_whole(scene: Scene, node: Node) -> None:
    if node.token and node.token.entry and node.kind is not Kind.STYLE and node.token.entry.extra:
        scene.views.append(node.token.entry.extra)
    lists = {Kind.PLACE: scene.places, Kind.TIME: scene.times, Kind.STYLE: scene.styles}
    if node.text not in lists[node.kind]:
        lists[node.kind].append(node.text)


def _rendered(scene: Scene, nodes: list[Node]) -> str:
    """The clause in English."""
    words: list[str] = []
    for index, node in enumerate(nodes):
        is_last = index == len(nodes) - 1
        if node.kind is Kind.JOIN:
            if words and not is_last:
                words.append("or" if node.text in ORS_ZH else "and")
        elif node.kind is Kind.HAS:
            if words and not is_last:
                words.append("with")
        elif node.kind is Kind.STYLE:
            _note_whole(scene, node)
        elif node.kind not in (Kind.AT, Kind.OF, Kind.NUMBER):
            words.append(_text(node))
            if node.kind is Kind.UNKNOWN:
                scene.unknown.append(node.text)
            scene.num_details += node.kind in (Kind.ACTION, Kind.RELATION)
    return " ".join(word for word in words if word)


def _text(node: Node) -> str:
    return node.thing.phrase() if node.thing is not None else node.text
