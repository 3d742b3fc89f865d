"""Words that ask for a picture or count things but say nothing of what is in it. Pure data."""

from __future__ import annotations

from typing import Final

from inference.expansion.lexicon.entries import Entry, Kind, listed


def _phrases(text: str) -> list[str]:
    return text.split("/")


_FRAMES_ZH: Final = listed(
    "请 请你 麻烦 麻烦你 帮我 帮忙 帮 给我 给 替我 为我 能不能 能否 可以 可不可以 可否 能 你能 你 我想要 我要 我想 想要 "
    "想 要 需要 我需要 来 来个 来点 来一 整 整点 搞 弄 画 画个 画点 画一 画出 绘制 画成 绘 生成 制作 做 设计 创作 "
    "出 一下 点 一点 一些些 个 图 图片 图像 画面 的图 一个图 吧 吗 呢 啊 呀 哦 哈 啦 嘛 哟 呗 谢谢 谢谢你 多谢 感谢 拜托 你好 "
    "您好 画作 作品 图画 帮我画 给我画 我 是 它 他 她 正在 正 着 了 背景是 背景 画质 效果图 幅 张 以 为 主题 "
    "关于 有关 一样 看起来 感觉 那种 这种 很 非常 超级 特别 超 十分 好 挺 比较 更 最 太 极其 有点 稍微 都 也 就 "
    "还 再 又 只 全 并 且 而且 以及 然后 但是 但 不过 带 带有 包含 含有 使用 用 采用 按 按照 色调 颜色 颜色是 配色 整体 "
    "动物的 样子 的样子 形象 造型 场景 氛围 气氛 系 感 质感 般 似的 像 如 如同 要有 一只只 之 其 "
    "一起 今天 现在 明天 昨天 正 放在 放着 放 摆着 摆在 摆 感觉 觉得 心情 的话 可以吗 好吗 行吗 谢啦 亲 岁 改成 换成 改为 换为 变为 改一下 把它 把画面 再来一张 更 一些 照着 仿照 模仿 画面中 画面里 画面上 图片里 图片中 图中 图里 画中 画里 头像 肖像 画像 想看 我想看 看看 我想看看 一点点 用的 "
    "所有 每 被 把 让 使 向 往 从 到 对 去 上去"
)

_OPEN_ZH: Final = listed(
    "随便 随意 都行 都可以 什么都行 什么都可以 任意 任何 看着办 你决定 你看着办 你来定 惊喜 给我惊喜 给我个惊喜 "
    "随便画 随便画点 随便来 随便来点 什么 东西 点什么 啥 啥都行 随机 不知道 想不到 没想法 没有想法 "
    "你喜欢的 什么东西 你自己决定 自由发挥 你自由发挥"
)

_FRAMES_EN: Final = _phrases(
    "please/pls/plz/can you/could you/would you/will you/can i get/can i have/could i have/"
    "may i have/i want you to/i want/i'd like you to/i'd like to see/i'd like/i'd love to see/i'd love/i would love to see/i would love/i would like you to/i would like/"
    "i need/i wanna/gimme/give me/show me/draw me/paint me/make me/create/generate/draw/paint/"
    "add/and add/make it/make it a/make it more/make this/turn it into/change it to/change to/make/render/imagine/produce/design me/design/help me/let's have/let's see/get me/"
    "depict/visualize/visualise/illustrate/do me/kindly/hey/hi/hello/thanks a lot/thank you very much/thank you so much/thanks/thank you/thx/could i get/can you make/would love/"
    "to draw/to paint/to make/to create/to see/to generate/to have/to get/bot"
)

_PICTURES_EN: Final = _phrases(
    "a picture of/a pic of/an image of/picture of/image of/pic of/the picture of/an artwork of/"
    "a piece of art of/artwork of/a picture with/an image with/a picture showing/"
    "an image showing/a picture that shows/an image that shows/an image depicting/"
    "a picture depicting/the image of/a scene of/a scene with/pictures of/images of/pics of/"
    "a nice picture of/a beautiful picture of/a visual of/a depiction of/some pictures of/"
    "some images of/a picture/an image/a pic/picture/image/pictures/images/pics"
)

_OPEN_EN: Final = _phrases(
    "surprise me/surprise/anything/anything you like/anything you want/whatever/whatever you want/"
    "whatever you like/you choose/you decide/up to you/your choice/random/something/something random/"
    "i don't know/idk/i dont know/dunno/no idea/i have no idea/dealer's choice/some thing/stuff/"
    "thing/things/whatever you feel like/anything really/be creative/go wild/i don't care"
)

_NUMBERS: Final = {
    1: "one/a/an/a single/single|一 1 １",
    2: "two/a pair of/a couple of/both|两 二 2 俩",
    3: "three|三 3 仨",
    4: "four|四 4",
    5: "five|五 5",
    6: "six|六 6 半打",
    7: "seven|七 7",
    8: "eight|八 8",
    9: "nine|九 9",
    10: "ten|十 10",
    11: "eleven|十一 11",
    12: "twelve/a dozen|十二 12 一打",
    20: "twenty|二十 20",
    100: "a hundred/one hundred/hundred|100",
}

MEASURES_ZH: Final = listed(
    "只 个 条 头 匹 朵 棵 颗 座 艘 辆 架 枚 把 张 幅 本 件 顶 位 名 支 枝 根 片 块 盏 杯 瓶 碗 盘 间 栋 扇 面 "
    "台 部 串 双 轮 道 座 尊 封 盆 粒 株 所 家 匹 滴 种 副 卷 台 尾 滩 堵 口 节 束 群 堆 排 对 套 份 列 团 缕 户"
)

PICTURE_MEASURES: Final = frozenset("张幅份")
"""Measure words that count pictures unless the thing that follows is counted by them."""

GROUPS: Final = {
    "群": "a group of",
    "堆": "a pile of",
    "排": "a row of",
    "束": "a bunch of",
    "对": "a pair of",
    "双": "a pair of",
}

PAIRS: Final = frozenset("对双")
"""Measure words that count by twos."""

MANY: Final = {
    "一些": "some", "几": "several", "很多": "many", "许多": "many", "好多": "many",
    "无数": "countless", "好几": "several", "满": "many", "众多": "many",
}  # fmt: skip

NOTS_ZH: Final = (
    "不要有", "不要出现", "不要画", "不要", "不想要", "不能有", "不许有", "不带", "不含", "不需要", "没有", "别有", "别画", "别出现",
    "别加", "别", "去掉", "去除", "避免", "除去", "无", "不用", "不出现", "不包含", "排除", "除了", "不",
)  # fmt: skip

JOINS_ZH: Final = (
    "和",
    "与",
    "跟",
    "及",
    "、",
    "还有",
    "加上",
    "以及",
    "加",
    "同",
    "或",
    "或者",
    "还是",
)
ORS_ZH: Final = frozenset({"或", "或者", "还是"})

OF_ZH, AT_ZH, HAS_ZH = (
    ("的", "之", "地"),
    ("在", "位于", "处于"),
    ("有", "有着"),
)


def _entries(kind: Kind, english: list[str], chinese: list[str]) -> tuple[Entry, ...]:
    entries = [Entry(kind=kind, english=(name,)) for name in english]
    return (*entries, *(Entry(kind=kind, english=("",), chinese=(name,)) for name in chinese))


def _numbers() -> tuple[Entry, ...]:
    entries = []
    for number, names in _NUMBERS.items():
        english, chinese = names.split("|")
        entries.append(
            Entry(
                kind=Kind.NUMBER,
                english=tuple(english.split("/")),
                chinese=tuple(chinese.split()),
                extra=str(number),
            )
        )
    return tuple(entries)


FRAMES: Final[tuple[Entry, ...]] = _entries(Kind.FRAME, _FRAMES_EN + _PICTURES_EN, list(_FRAMES_ZH))
OPENS: Final[tuple[Entry, ...]] = _entries(Kind.OPEN, _OPEN_EN, list(_OPEN_ZH))
NUMBERS: Final[tuple[Entry, ...]] = _numbers()
