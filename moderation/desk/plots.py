"""Plots as SVG that our stylesheet colours: no script, no library. Knows no table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from markupsafe import Markup, escape

from moderation.statistics import RuleQuality, Share

WIDTH = 560
LEFT, RIGHT, TOP = 46, 14, 14
ROW, BAR = 56, 15  # height of a rule's row; of each of its two lines
CURVE = 240  # height of the curve's field
MAX_RULES = 12
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


class Words(Protocol):
    def __call__(self, key: str, **args: object) -> str:
        """A sentence in the reader's language."""


def rules_plot(rules: Sequence[RuleQuality], t: Words) -> Markup:
    """For each rule how often it was right, and how much it found, with 95 % intervals."""
    shown = rules[:MAX_RULES]
    height = TOP + len(shown) * ROW + 26
    parts = [_line("grid", _x(tick), TOP, _x(tick), height - 24) for tick in TICKS]
    parts += [_text(_x(tick), height - 8, f"{tick:.0%}", _anchor(tick)) for tick in TICKS]
    for number, rule in enumerate(shown):
        top = TOP + number * ROW
        parts.append(_text(LEFT, top + 12, rule.rule_id, "start", "name"))
        parts += _share(rule.precision, top + 12 + BAR, "first")
        parts += _share(rule.recall, top + 12 + 2 * BAR, "second")
    return _svg(height, t("desk-plot-rules"), [*parts, *_legend(t)])


def curve_plot(rule: RuleQuality, t: Words) -> Markup:
    """What precision and recall would be at each threshold, and the best one."""
    height = TOP + CURVE + 46
    parts = [_line("grid", _x(tick), TOP, _x(tick), TOP + CURVE) for tick in TICKS]
    parts += [_line("grid", LEFT, _y(tick), WIDTH - RIGHT, _y(tick)) for tick in TICKS]
    parts += [_text(_x(tick), TOP + CURVE + 20, f"{tick:.2f}", _anchor(tick)) for tick in TICKS]
    parts += [_text(LEFT - 6, _y(tick) + 5, f"{tick:.0%}", "end") for tick in TICKS]
    parts.append(_text(WIDTH / 2, height - 4, t("desk-threshold"), "middle"))
    for name, kind in (("precision", "first"), ("recall", "second")):
        points = " ".join(
            f"{_x(point.threshold):.1f},{_y(value):.1f}"
            for point in rule.curve
            if (value := getattr(point, name)) is not None
        )
        parts.append(Markup('<polyline class="{}" points="{}"/>').format(kind, points))
    if rule.best is not None:
        at = _x(rule.best.threshold)
        parts.append(_line("best", at, TOP, at, TOP + CURVE))
    return _svg(height, t("desk-plot-curve", rule=rule.rule_id), [*parts, *_legend(t)])


def _share(share: Share, y: float, kind: str) -> list[Markup]:
    """A point and its interval; nothing where nothing is known."""
    if share.value is None:
        return []
    point = Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="5"><title>{}</title></circle>')
    words = f"{share.value:.0%} ({share.num}/{share.of})"
    range_ = _line("range", _x(share.low), y, _x(share.high), y)
    return [range_, point.format(kind, _x(share.value), y, words)]


def _legend(t: Words) -> list[Markup]:
    parts = []
    for x, kind, key in ((LEFT, "first", "desk-precision"), (LEFT + 190, "second", "desk-recall")):
        parts.append(Markup('<circle class="{}" cx="{}" cy="6" r="5"/>').format(kind, x + 5))
        parts.append(_text(x + 16, 11, t(key), "start", "name"))
    return [Markup('<g transform="translate(0 -22)">'), *parts, Markup("</g>")]


def _svg(height: float, title: str, parts: Iterable[Markup]) -> Markup:
    frame = Markup(
        '<svg role="img" viewBox="0 -26 {} {}" preserveAspectRatio="xMinYMin"><title>{}</title>{}</svg>'
    )
    return frame.format(WIDTH, round(height + 26), title, Markup("").join(parts))


def _line(kind: str, x1: float, y1: float, x2: float, y2: float) -> Markup:
    line = Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>')
    return line.format(kind, x1, y1, x2, y2)


def _text(x: float, y: float, words: str, anchor: str, kind: str = "") -> Markup:
    text = Markup('<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>')
    return text.format(kind, x, y, anchor, escape(words))


def _anchor(tick: float) -> str:
    """The last label ends where its line is, so that nothing cuts it."""
    return "end" if tick == TICKS[-1] else "middle"


def _x(share: float) -> float:
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(share: float) -> float:
    return TOP + (1 - share) * CURVE
