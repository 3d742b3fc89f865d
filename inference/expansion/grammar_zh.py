"""Turns a Chinese wish into English phrases, word by word and by a small grammar.

It knows how Chinese noun phrases are built (number, measure word, modifiers with 的, then
the noun; places with 在; existence with 有), and nothing of pictures. Words no table holds
stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from inference.expansion.chinese_phrases import Node, nodes_of, noun_phrases, thing_node
from inference.expansion.chinese_words import clauses, styled, without_negatives
from inference.expansion.lexicon.entries import Kind
from inference.expansion.lexicon.framing import ORS_ZH
from inference.expansion.scene import Scene, Thing
from inference.expansion.tokens import Token

_ABSOLUTE: Final = {
    "left of": ("left", "on the left"), "right of": ("right", "on the right"),
    "above": ("top", "at the top"), "below": ("bottom", "at the bottom"),
    "between": ("middle", "in the middle"), "in": ("middle", "in the middle"),
    "in front of": ("foreground", "in the foreground"),
    "behind": ("background", "in the background"),
    "around": ("around", "all around"),
    "next to": ("side", "to one side"),
    "in the top left corner": ("top left", "in the top left corner"),
    "in the top right corner": ("top right", "in the top right corner"),
    "in the bottom left corner": ("bottom left", "in the bottom left corner"),
    "in the bottom right corner": ("bottom right", "in the bottom right corner"),
    "in the corner": ("corner", "in the corner"),
}  # fmt: skip
_AIMED: Final = frozenset({"watching", "crossing", "climbing", "exploring"})
_BETWEEN: Final = "between"


def read_chinese(tokens: Sequence[Token]) -> Scene:
    """The scene of a Chinese wish, with its things' phrases in English."""
    scene = Scene()
    for clause in clauses(without_negatives(scene, styled(tokens))):
        nodes = nodes_of(scene, clause)
        nodes = noun_phrases(scene, nodes)
        nodes = _relatives(scene, nodes)
        nodes = _existence(scene, nodes)
        if text := _rendered(scene, nodes):
            scene.clauses.append(text)
    scene.is_subject_named = bool(scene.things or scene.unknown)
    return scene


def _relatives(scene: Scene, nodes: list[Node]) -> list[Node]:
    """Hang everything before a 的 on the noun after it: 戴帽子的猫 → a cat wearing a hat."""
    done: list[Node] = []
    for node in nodes:
        is_described = bool(done) and done[-1].kind is Kind.OF
        is_noun = node.thing is not None or node.kind is Kind.UNKNOWN
        if not is_noun or not is_described:
            done.append(node)
            continue
        noun = node if node.thing is not None else thing_node(scene, node, None, [])
        start = _modifier_start(done)
        for part in _split_at_of(done[start:]):
            _modify(scene, noun, part)
        done[start:] = [noun]
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


def _modify(scene: Scene, noun: Node, part: list[Node]) -> None:
    """Attach one modifier to the thing of ``noun``."""
    thing = noun.thing
    if thing is None:
        return
    if part and part[0].kind is Kind.NUMBER:
        thing.count, thing.quantity = part[0].number, part[0].quantity
        part = part[1:]
    if not part:
        return
    if any(node.kind is Kind.RELATION for node in part):
        part = _located(part, thing)
    kinds = [node.kind for node in part]
    if kinds == [Kind.THING]:
        thing.after.append(f"of {_text(part[0])}")
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
        other = folded[-1].thing if folded else None
        place = _relation_to(folded, other, node) if other else _absolute(node)
        if folded and folded[-1].kind is Kind.AT:
            folded.pop()
        owner = subject or (folded[-1].thing if folded else None)
        if owner is not None and owner.position is None:
            owner.position = place.position
        folded.append(place)
    return folded


def _absolute(node: Node) -> Node:
    """左边, 上方 without a thing they are seen from: a part of the picture."""
    if node.text not in _ABSOLUTE:
        return node
    where, text = _ABSOLUTE[node.text]
    return Node(kind=Kind.RELATION, text=text, position=where, is_folded=True)


def _relation_to(folded: list[Node], other: Thing, node: Node) -> Node:
    """The phrase for ``other``, which ends ``folded`` and is taken off it."""
    folded.pop()
    relation, phrase = node.text, other.phrase()
    where = f"{relation} the {other.name}"
    if relation == _BETWEEN and len(folded) > 1 and folded[-1].kind is Kind.JOIN:
        first = folded[-2]
        where = (
            f"{relation} the {first.thing.name if first.thing else first.text} and the {other.name}"
        )
        phrase = f"{_text(first)} and {phrase}"
        del folded[-2:]
    return Node(kind=Kind.RELATION, text=f"{relation} {phrase}", position=where, is_folded=True)


def _existence(scene: Scene, nodes: list[Node]) -> list[Node]:
    """B上方有A → A above B; places and times go to the picture as a whole."""
    kept: list[Node] = []
    seen: list[str] = []  # places of this clause that can be its subject
    for node in _located(nodes, None):
        if _is_aim(kept, node):
            kept.append(Node(kind=Kind.TEXT, text=_view_of(node)))
        elif node.kind in _WHOLE:
            _note_whole(scene, node)
            seen += [node.text] if node.text in scene.views else []
        elif node.kind not in (Kind.AT, Kind.OF, Kind.NOT):
            kept.append(node)
    if kept and kept[0].is_folded:
        rest = [node for node in kept[1:] if node.kind is not Kind.HAS]
        if rest and rest[0].thing is not None:
            rest[0].thing.position = rest[0].thing.position or kept[0].position
            return [rest[0], kept[0], *rest[1:]]
        if seen:
            return [Node(kind=Kind.TEXT, text=_as_subject(scene, seen[-1])), *kept]
    return kept[1:] if kept and kept[0].kind is Kind.HAS else kept


def _is_aim(before: list[Node], node: Node) -> bool:
    """Whether a place is what an action is done to: 飞过*大海*, 看着*星空*."""
    if not before or before[-1].kind is not Kind.ACTION or not _view_of(node):
        return False
    return before[-1].text.endswith((" over", " to", " at")) or before[-1].text in _AIMED


def _view_of(node: Node) -> str:
    """The bare noun of a place or time, if it has one."""
    is_setting = node.kind in (Kind.PLACE, Kind.TIME)
    return node.token.entry.extra if is_setting and node.token and node.token.entry else ""


def _as_subject(scene: Scene, phrase: str) -> str:
    """The noun of a place, which is then no longer said beside the picture."""
    for whole in (scene.places, scene.times):
        if phrase in whole:
            whole.remove(phrase)
    return scene.views[phrase]


_WHOLE: Final = frozenset({Kind.PLACE, Kind.TIME, Kind.STYLE})


def _note_whole(scene: Scene, node: Node) -> None:
    if noun := _view_of(node):
        scene.views[node.text] = noun
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
