"""Picture styles in both languages. Pure data; knows no grammar.

The third column is ``weak`` where the English words also mean ordinary things ("ink",
"flat"): those count as a style only beside a word such as "style" or alone between commas.
``plain`` means the phrase stands without the word "style" ("pixel art").
"""

from __future__ import annotations

from typing import Final

from inference.expansion.lexicon.entries import Entry, Kind, listed, read_table

_STYLES: Final = """
flat/flat design/minimal vector/flat vector/vector/flat illustration | 扁平 扁平化 矢量 矢量图 | weak
cartoon | 卡通 动漫 |
comic/comic-book/comic book | 漫画 | weak
neon/neon glow/glowing neon | 霓虹 霓虹灯 荧光 |
blueprint/technical drawing | 蓝图 图纸 工程图 | weak
watercolour/watercolor/aquarelle | 水彩 水彩画 |
ink/ink wash/sumi-e/chinese ink/ink painting/chinese ink painting | 水墨 水墨画 国画 中国画 墨画 写意 | weak
anime/manga | 二次元 日漫 日系动漫 番剧 动画片 |
pixel art/pixel/8-bit/8 bit/16-bit/pixelated | 像素 像素画 像素艺术 | plain
punk | 朋克 | weak
steampunk | 蒸汽朋克 蒸汽波朋克 |
cyberpunk | 赛博朋克 |
dieselpunk | 柴油朋克 |
solarpunk | 太阳朋克 |
vaporwave/synthwave | 蒸汽波 |
logo/logo design | 标志 商标 图标设计 徽标 | plain
icon/app icon | 图标 应用图标 | weak plain
sticker | 贴纸 表情包 表情 | weak plain
emoji | 表情符号 小黄脸 | weak plain
oil painting/oil paint/oil on canvas | 油画 | plain
acrylic painting/acrylic | 丙烯画 丙烯 | plain
gouache | 水粉 水粉画 |
pencil sketch/pencil drawing/sketch/graphite | 素描 铅笔画 速写 草图 | weak plain
charcoal drawing/charcoal | 炭笔 炭笔画 | weak plain
line art/lineart/line drawing/outline drawing | 线稿 线条画 简笔画 线描 | plain
doodle | 涂鸦 | weak
graffiti/street art | 街头涂鸦 街头艺术 |
crayon drawing/crayon | 蜡笔画 蜡笔 儿童画 | weak plain
chalk drawing/chalk | 粉笔画 | weak plain
pastel drawing/soft pastel | 粉彩 色粉画 | plain
colored pencil/coloured pencil | 彩铅 彩铅画 |
photo/photograph/photography/photorealistic/photo-realistic/realistic/realism | 写实 照片 摄影 真实 超写实 逼真 写真 | weak
cinematic/film still/movie still | 电影感 电影 电影级 剧照 |
black and white photo/black and white photography | 黑白照片 黑白摄影 | plain
polaroid | 拍立得 宝丽来 |
3d render/3d/octane render/blender render/cgi | 三维 立体渲染 | plain
clay/claymation/clay model | 黏土 粘土 泥塑 橡皮泥 | weak
lego | 乐高 积木 | weak
papercut/paper cut/paper cutting/paper-cut | 剪纸 |
paper craft/papercraft/origami | 折纸 纸艺 |
embroidery/cross stitch | 刺绣 十字绣 |
felt/wool felt/needle felt | 羊毛毡 毛毡 | weak
stained glass | 彩色玻璃 彩绘玻璃 琉璃 | weak
mosaic | 马赛克 | weak
woodcut/woodblock print/linocut | 木刻 版画 木版画 |
ukiyo-e/ukiyoe | 浮世绘 |
impressionist/impressionism | 印象派 印象主义 |
monet/claude monet | 莫奈 |
post-impressionist | 后印象派 |
van gogh/vincent van gogh | 梵高 |
cubist/cubism | 立体主义 立体派 |
picasso/pablo picasso | 毕加索 |
surrealist/surrealism | 超现实主义 |
dali/salvador dali | 达利 |
expressionist/expressionism | 表现主义 |
abstract art/abstract painting | 抽象画 抽象艺术 抽象派 | plain
pop art/andy warhol | 波普 波普艺术 | plain
art nouveau | 新艺术 新艺术运动 |
mucha/alphonse mucha | 穆夏 |
art deco | 装饰艺术 装饰风 |
bauhaus | 包豪斯 |
baroque | 巴洛克 |
rococo | 洛可可 |
renaissance | 文艺复兴 |
gothic | 哥特 | weak
minimalist/minimalism/minimal | 极简主义 简约主义 极简 | weak
pointillism/pointillist | 点彩 点彩画 |
low poly/low-poly/lowpoly | 低多边形 |
isometric | 等距 等轴测 2.5d |
voxel/voxel art | 体素 |
vintage/retro | 复古 老照片 年代感 | weak
poster/movie poster/travel poster | 海报 招贴画 宣传画 | weak plain
picture book/children's book/storybook/children's book illustration | 绘本 童话 童话书 | plain
illustration | 插画 插图 | weak plain
concept art | 概念图 概念设计 原画 | plain
fantasy art/fantasy | 奇幻画 | weak
game art | 游戏原画 游戏风 | plain
chibi | q版 Q版 |
ghibli/studio ghibli/miyazaki | 吉卜力 宫崎骏 |
pixar | 皮克斯 |
disney | 迪士尼 |
shinkai/makoto shinkai | 新海诚 |
gongbi | 工笔 工笔画 |
dunhuang mural/dunhuang | 敦煌 敦煌壁画 壁画 |
new year picture | 年画 | plain
guochao/chinese chic | 国潮 国风 中国风 古风 |
blue and white porcelain | 青花瓷 青花 |
calligraphy | 书法 毛笔字 | weak
silhouette | 剪影 | weak
double exposure | 双重曝光 | plain
tattoo/tattoo design | 纹身 刺青 | weak plain
coloring page/colouring page/coloring book | 涂色 填色画 涂色页 | plain
infographic | 信息图 | plain
wallpaper | 壁纸 | weak plain
knitted/crochet | 针织 毛线 钩针 |
holographic | 全息 镭射 |
glitch art/glitch | 故障艺术 故障风 | plain
psychedelic | 迷幻艺术 |
"""

STYLES: Final[tuple[Entry, ...]] = read_table(Kind.STYLE, _STYLES)

STYLE_NOUNS: Final = frozenset(
    listed(
        "style styled styles art drawing painting illustration look aesthetic sketch render "
        "rendering design picture image print artwork cartoon vibe vibes themed effect filter"
    )
)
"""English words that turn the word before them into a style."""

STYLE_SUFFIXES: Final = (
    "风格的", "画风的", "艺术风格", "风格", "画风", "效果", "风的", "风", "版的", "版", "式的", "画",
)  # fmt: skip
"""Chinese endings of a style: 水墨*风*."""

BARE_STYLES: Final = ("风格", "画风", "风格的", "画风的")
"""Chinese for "style" alone: the word before it names the style."""
