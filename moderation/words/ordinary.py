"""Which words are ordinary: what a dictionary knows needs no second reading.

The tables are written by ``scripts/word_tables.py``. Knows no word list of ours.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parent / "tables"

# Of one and two letters only these: every other pair of letters is a piece of something.
_SHORT = frozenset(
    [
        "a",
        "i",
        "am",
        "an",
        "as",
        "at",
        "be",
        "by",
        "do",
        "go",
        "he",
        "hi",
        "if",
        "in",
        "is",
        "it",
        "me",
        "my",
        "no",
        "of",
        "oh",
        "ok",
        "on",
        "or",
        "so",
        "to",
        "tv",
        "uk",
        "up",
        "us",
        "we",
        "4k",
        "8k",
        "hd",
        "3d",
        "2d",
        "cg",
        "pc",
        "ai",
        "art",
    ]
)
# Words of image prompts that no dictionary has.
_PROMPTS = frozenset(
    [
        "artstation",
        "deviantart",
        "pixiv",
        "behance",
        "unsplash",
        "midjourney",
        "bokeh",
        "chiaroscuro",
        "cyberpunk",
        "steampunk",
        "dieselpunk",
        "solarpunk",
        "vaporwave",
        "synthwave",
        "lowpoly",
        "isometric",
        "voxel",
        "chibi",
        "kawaii",
        "ghibli",
        "octane",
        "raytracing",
        "hdr",
        "uhd",
        "dslr",
        "gouache",
        "ukiyo",
        "ink",
        "cgi",
        "rgb",
        "vfx",
        "furry",
        "cosplay",
        "emoji",
        "selfie",
        "hyperrealistic",
        "photorealism",
        "photorealistic",
        "ultrarealistic",
        "highres",
        "lowres",
        "masterpiece",
        "bioluminescent",
        "parallax",
        "wallpaper",
        "greyscale",
        "grayscale",
        "duotone",
        "papercut",
        "diorama",
        "claymation",
    ]
)


_PICTURES = frozenset(
    [
        "极简",
        "赛博",
        "二次元",
        "国潮",
        "厚涂",
        "渲染",
        "虚幻",
        "景深",
        "逆光",
        "侧光",
        "柔光",
        "广角",
        "微距",
        "扁平",
        "扁平化",
        "像素风",
        "蒸汽波",
        "治愈系",
        "清冷",
        "氛围感",
        "高清",
        "超清",
        "写实",
        "质感",
        "光影",
        "构图",
        "色调",
        "配色",
        "晕染",
        "留白",
        "线稿",
        "插画",
        "手办",
        "盲盒",
        "汉服",
        "国风",
        "古风",
        "仙侠",
        "机甲",
        "赛璐璐",
        "立绘",
        "头像",
        "壁纸",
        "海报",
        "电影感",
        "胶片",
        "复古风",
        "低多边形",
        "等距",
        "粘土",
        "毛毡",
        "剪纸",
        "刺绣",
        "水彩",
        "油画棒",
        "表情包",
        "萌宠",
        "撸猫",
        "打卡",
        "网红",
        "直播间",
        "主播",
        "弹幕",
        "外卖",
        "快递",
        "电竞",
        "手游",
        "短视频",
        "自拍",
        "合照",
        "滤镜",
        "奶茶",
        "火锅店",
    ]
)


@cache
def english() -> frozenset[str]:
    """Lower-case words of a dictionary, most inflections and many names among them."""
    short = {word for word in sorted_english() if len(word) > 2}
    return frozenset(short | _SHORT | _PROMPTS)


@cache
def sorted_english() -> tuple[str, ...]:
    """The same as a sorted row, as the table has them."""
    return tuple((TABLES / "english.txt").read_text(encoding="utf-8").split())


def english_beginning_with(stem: str) -> list[str]:
    """Every word that starts so."""
    words = sorted_english()
    return list(words[bisect_left(words, stem) : bisect_left(words, stem + "{")])


@cache
def chinese() -> frozenset[str]:
    """Words of two to four simplified characters (about 135,000, read when first asked)."""
    return _PICTURES.union((TABLES / "chinese.txt").read_text(encoding="utf-8").split())
