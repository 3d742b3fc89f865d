"""The words Sketchbook was taught: what it can draw and how people call it.

Pure data for anyone who needs to know the domain (captions, the judge, the offline
expander, the documentation). It knows nothing of pictures or of torch. The first name of
every term is its plainest one; the others are synonyms that captions also use.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Term:
    """One value of one attribute, with its names in both languages, plainest first."""

    id: str
    english: tuple[str, ...]
    chinese: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ObjectTerm(Term):
    """A thing that can be drawn. `plurals` runs parallel to `english`."""

    plurals: tuple[str, ...]
    classifier: str
    """The Chinese measure word: 一*只*猫."""
    is_stand_in: bool = False
    """A harmless stand-in for something sensitive, there to exercise moderation."""


@dataclass(frozen=True, kw_only=True)
class RelationTerm(Term):
    """Where the first object is, seen from the second.

    `english` goes between the two (A *above* B); `chinese` goes after the second one
    (A 在 B *上方*).
    """

    inverse: str


@dataclass(frozen=True, kw_only=True)
class CountTerm(Term):
    """How many of one object; Chinese without its measure word."""

    number: int


def _object(
    id: str,
    names: str,
    plurals: str,
    chinese: str,
    classifier: str,
    *,
    is_stand_in: bool = False,
) -> ObjectTerm:
    return ObjectTerm(
        id=id,
        english=tuple(names.split("|")),
        plurals=tuple(plurals.split("|")),
        chinese=tuple(chinese.split("|")),
        classifier=classifier,
        is_stand_in=is_stand_in,
    )


def _term(id: str, english: str, chinese: str) -> Term:
    return Term(id=id, english=tuple(english.split("|")), chinese=tuple(chinese.split("|")))


OBJECTS: Final[tuple[ObjectTerm, ...]] = (
    _object("star", "star", "stars", "星星|五角星", "颗"),
    _object("heart", "heart|love heart", "hearts|love hearts", "爱心|心形", "颗"),
    _object(
        "moon",
        "moon|crescent moon|crescent",
        "moons|crescent moons|crescents",
        "月亮|月牙|弯月",
        "轮",
    ),
    _object("tree", "tree", "trees", "树|大树", "棵"),
    _object("house", "house|cottage|home", "houses|cottages|homes", "房子|小屋|房屋", "座"),
    _object("cat", "cat|kitty|kitten", "cats|kitties|kittens", "猫|小猫|猫咪", "只"),
    _object("fish", "fish", "fish", "鱼|小鱼", "条"),
    _object("flower", "flower|blossom", "flowers|blossoms", "花|花朵|小花", "朵"),
    _object("boat", "boat|sailboat|ship", "boats|sailboats|ships", "船|帆船|小船", "艘"),
    _object("car", "car|automobile", "cars|automobiles", "汽车|小汽车|轿车", "辆"),
    _object("mushroom", "mushroom|toadstool", "mushrooms|toadstools", "蘑菇", "朵"),
    _object("rocket", "rocket|spaceship", "rockets|spaceships", "火箭|飞船", "枚"),
    _object("sun", "sun", "suns", "太阳", "轮"),
    _object("cup", "cup|mug|teacup", "cups|mugs|teacups", "杯子|茶杯|马克杯", "个"),
    _object("bird", "bird", "birds", "鸟|小鸟", "只"),
    _object("apple", "apple", "apples", "苹果", "个"),
    _object("key", "key", "keys", "钥匙", "把"),
    _object("umbrella", "umbrella|parasol", "umbrellas|parasols", "雨伞|伞", "把"),
    _object("skull", "skull", "skulls", "骷髅|骷髅头", "个", is_stand_in=True),
    _object("bomb", "bomb", "bombs", "炸弹", "颗", is_stand_in=True),
    _object("sword", "sword|blade", "swords|blades", "剑|宝剑", "把", is_stand_in=True),
)

COLOURS: Final[tuple[Term, ...]] = (
    _term("red", "red|crimson|scarlet", "红色|红|大红色"),
    _term("orange", "orange|tangerine", "橙色|橘色|橙"),
    _term("yellow", "yellow|golden", "黄色|黄|金黄色"),
    _term("green", "green|emerald", "绿色|绿|翠绿色"),
    _term("blue", "blue|azure", "蓝色|蓝|天蓝色"),
    _term("purple", "purple|violet", "紫色|紫|紫罗兰色"),
    _term("pink", "pink|rose-coloured", "粉色|粉红色|粉红"),
    _term("white", "white|snow-white", "白色|白|雪白色"),
)

STYLES: Final[tuple[Term, ...]] = (
    _term("flat", "flat|flat design|minimal vector", "扁平|扁平化|矢量"),
    _term("cartoon", "cartoon|comic|comic-book", "卡通|漫画|动漫"),
    _term("neon", "neon|neon glow|glowing neon", "霓虹|霓虹灯|荧光"),
    _term("blueprint", "blueprint|technical drawing", "蓝图|图纸|工程图"),
    _term("watercolour", "watercolour|watercolor|aquarelle", "水彩|水彩画"),
    _term("ink", "ink|ink wash|sumi-e", "水墨|水墨画|国画"),
)

EXAMPLE_STYLE: Final = _term("sticker", "sticker|die-cut sticker", "贴纸|贴纸画")
"""Drawn, and known to the judge, but never taught to the model: what the example LoRA adds."""
DRAWN_STYLES: Final[tuple[Term, ...]] = (*STYLES, EXAMPLE_STYLE)

SETTINGS: Final[tuple[Term, ...]] = (
    _term(
        "plain",
        "on a plain background|on a simple background|plain background",
        "纯色背景|简单背景|素色背景",
    ),
    _term(
        "night",
        "at night|under a night sky|on a starry night|night",
        "夜晚|夜里|星空下|夜空",
    ),
    _term(
        "sunset",
        "at sunset|at dusk|in the evening glow|sunset",
        "日落|夕阳下|黄昏|傍晚",
    ),
    _term(
        "meadow",
        "in a meadow|on a green meadow|in a grassy field|meadow",
        "草地上|草原上|草坪上|草地",
    ),
    _term(
        "sea",
        "at sea|by the sea|over the ocean|sea",
        "海上|海边|大海上|海面上",
    ),
)

RELATIONS: Final[tuple[RelationTerm, ...]] = (
    RelationTerm(
        id="left of",
        english=("left of", "to the left of", "on the left of"),
        chinese=("左边", "左侧", "左面"),
        inverse="right of",
    ),
    RelationTerm(
        id="right of",
        english=("right of", "to the right of", "on the right of"),
        chinese=("右边", "右侧", "右面"),
        inverse="left of",
    ),
    RelationTerm(
        id="above",
        english=("above", "over", "on top of"),
        chinese=("上方", "上面", "上边"),
        inverse="below",
    ),
    RelationTerm(
        id="below",
        english=("below", "under", "beneath"),
        chinese=("下方", "下面", "下边"),
        inverse="above",
    ),
)

SIZES: Final[tuple[Term, ...]] = (
    _term("small", "small|tiny|miniature", "小小的|很小的|迷你的"),
    _term("large", "large|big|huge", "大大的|很大的|巨大的"),
)

PLACES: Final[tuple[Term, ...]] = (
    _term("left", "on the left|at the left|in the left half", "画面左边|左半边|靠左处"),
    _term("right", "on the right|at the right|in the right half", "画面右边|右半边|靠右处"),
    _term("top", "at the top|near the top|in the upper half", "画面上方|上半边|靠上处"),
    _term("bottom", "at the bottom|near the bottom|in the lower half", "画面下方|下半边|靠下处"),
)

COUNTS: Final[tuple[CountTerm, ...]] = (
    CountTerm(id="one", number=1, english=("a", "one", "a single"), chinese=("一",)),
    CountTerm(id="two", number=2, english=("two", "2", "a pair of"), chinese=("两", "2", "二")),
    CountTerm(id="three", number=3, english=("three", "3"), chinese=("三", "3")),
)

STAND_INS: Final[tuple[ObjectTerm, ...]] = tuple(term for term in OBJECTS if term.is_stand_in)
EVERYDAY_OBJECTS: Final[tuple[ObjectTerm, ...]] = tuple(
    term for term in OBJECTS if not term.is_stand_in
)


def index_of(terms: tuple[Term, ...], id: str) -> int:
    """The position of the term with this id; `KeyError` names an unknown one."""
    for position, term in enumerate(terms):
        if term.id == id:
            return position
    raise KeyError(id)
