"""Colours, adjectives and moods in both languages. Pure data; knows no grammar.

A colour's third column is the plain colour it counts as when a result is checked. A mood's
third column lists things, then styles after ``;``, that carry the mood where the person
named nothing to draw.
"""

from __future__ import annotations

from typing import Final

from inference.expansion.lexicon.entries import Entry, Kind, read_table

_COLOURS: Final = """
red/crimson/scarlet | 红色 红 大红 大红色 鲜红 鲜红色 赤色 | red
orange/tangerine | 橙色 橘色 橙 橘红色 橘 | orange
yellow/golden | 黄色 黄 金黄色 金黄 | yellow
green/emerald | 绿色 绿 翠绿色 翠绿 | green
blue/azure | 蓝色 蓝 天蓝色 天蓝 湛蓝 蔚蓝 | blue
purple/violet | 紫色 紫 紫罗兰色 | purple
pink/rose-coloured/rose-colored | 粉色 粉红色 粉红 粉 | pink
white/snow-white | 白色 白 雪白色 雪白 洁白 | white
black | 黑色 黑 漆黑 | black
grey/gray | 灰色 灰 | grey
brown | 棕色 褐色 咖啡色 | brown
gold | 金色 | gold
silver | 银色 | silver
cyan/turquoise/teal | 青色 青绿色 | teal
beige/cream | 米色 米黄色 米白色 | beige
maroon | 酒红色 暗红色 | red
indigo/navy/navy blue | 靛蓝 藏青色 深蓝色 深蓝 藏蓝色 | blue
light blue/sky blue/baby blue | 浅蓝色 浅蓝 淡蓝色 淡蓝 | blue
dark green | 墨绿色 墨绿 深绿色 深绿 | green
light green/mint/mint green | 浅绿色 浅绿 薄荷绿 淡绿色 | green
light purple/lilac | 浅紫色 淡紫色 | purple
dark red | 深红色 深红 | red
colorful/colourful/rainbow-coloured/multicolored | 彩色 五彩斑斓 五彩 五颜六色 五彩缤纷 多彩 彩虹色 |
black and white/black-and-white/monochrome | 黑白 黑白色 单色 | black
pastel | 马卡龙色 粉彩色 |
"""

_LOOKS: Final = """
big/large/huge/giant/enormous | 大 巨大 大大 超大 庞大 高大
small/little/tiny | 小 小小 迷你 微小
tall | 高高 高耸
long | 长 长长
round | 圆 圆圆 圆形的
fat/chubby | 胖 胖胖 胖乎乎 圆滚滚 肥
thin/slim | 瘦 瘦瘦 苗条
old/ancient | 古老 老 旧 古代 老旧 破旧
new | 新 崭新
young | 年轻 年幼
modern | 现代
bright | 明亮 鲜艳 亮 亮丽
dark | 黑暗 昏暗 阴暗 暗
shiny/sparkling | 闪亮 闪闪发光 亮晶晶
glowing/luminous | 发光 会发光
transparent | 透明 半透明
fluffy/furry | 毛茸茸 毛绒绒 蓬松 毛绒
soft | 柔软 柔和 软软
smiling | 微笑
angry | 生气 愤怒
lazy | 慵懒 懒洋洋 懒
naughty | 调皮 顽皮 淘气
brave | 勇敢
strong | 强壮
clever | 聪明
simple | 简单 简洁 朴素
delicate/exquisite | 精致 精美
detailed | 详细 细致 细节丰富
beautiful/pretty/lovely | 美丽 漂亮 好看 美
handsome | 英俊 帅 帅气
elegant/graceful | 优雅 典雅 高雅
luxurious | 豪华 奢华 华丽
mechanical | 机械 机械的
wooden | 木头 木质 木制
stone-built | 石头做 石砌
glassy | 玻璃 玻璃做
metal | 金属 金属质感
golden-leafed | 鎏金
paper | 纸 纸质 纸做
broken | 破碎 破 碎
abandoned | 废弃 荒废
busy | 繁忙 热闹
empty | 空旷 空 空荡荡
quiet | 安静 宁静 静谧
hot | 热 炎热 热腾腾
cold | 冷 寒冷
wet | 湿 湿漉漉
fresh | 新鲜 清新
delicious | 美味 好吃 诱人
magical/enchanted | 魔法 神奇 魔幻
fantastic | 奇幻 奇妙 梦幻般
abstract | 抽象
chinese | 中国 中式
japanese | 日本 日式 日系
european | 欧洲 欧式
traditional | 传统
wild | 野生 狂野
kind | 善良 慈祥
noble | 高贵
blooming | 盛开 绽放 开花
blurry | 模糊
complicated/complex | 复杂
ugly | 丑 丑陋
close-up | 特写
birthday | 生日
happy birthday | 生日快乐
high definition | 高清 超清
high quality | 高质量 高画质
white-robed | 白衣
warm-toned | 暖色 暖色调 暖 暖调
cool-toned | 冷色 冷色调 冷调
sideways | 侧面 侧身
"""

_MOODS: Final = """
cute/adorable/kawaii | 可爱 萌 呆萌 萌萌 软萌 超萌 萌萌哒 卡哇伊 | bird mushroom fish cat rabbit; cartoon
scary/creepy/spooky/horror | 恐怖 可怕 吓人 阴森 诡异 惊悚 | tree house moon ghost; ink
romantic | 浪漫 爱情 甜蜜 爱 | heart flower moon rose; watercolour
peaceful/calm/calming/relaxing/serene/tranquil/zen | 平静 放松 宁静致远 禅意 安宁 恬静 | boat tree moon flower; ink
healing/soothing/heartwarming/cozy/cosy/warm | 治愈 治愈系 温暖 温馨 暖心 暖暖 | cup cat house umbrella; watercolour
cool/badass/awesome/epic | 牛逼 厉害 酷 酷炫 炫酷 冷酷 很酷 炫 帅炸 霸气 史诗 | rocket car dragon; neon
dreamy/ethereal/whimsical | 梦幻 唯美 仙气 缥缈 朦胧 | moon boat flower unicorn; watercolour
funny/silly/goofy/hilarious | 搞笑 有趣 好玩 滑稽 沙雕 好笑 有意思 | fish cat mushroom bird; cartoon
joyful/festive/celebratory | 喜庆 节日 欢庆 热闹喜庆 | heart sun flower balloon; cartoon
lucky/auspicious | 吉祥 幸运 好运 | fish star flower; flat
melancholic/melancholy/gloomy/moody | 忧郁 惆怅 伤感 emo 丧 | umbrella moon boat; ink
mysterious/mystic/mystical | 神秘 | moon key tree; ink
futuristic/sci-fi/high-tech | 科幻 未来 未来感 科技感 高科技 赛博 | rocket car star; neon
nostalgic/retro-looking | 怀旧 复古感 | car cup umbrella; watercolour
adventurous/exciting | 冒险 刺激 | boat rocket key; cartoon
pretty-looking | 美美 养眼 赏心悦目 | flower bird boat; watercolour
sweet | 甜美 甜 甜甜 | heart apple flower; watercolour
childlike/playful | 童趣 童真 活泼 俏皮 | rocket boat mushroom; cartoon
happy/cheerful | 开心 快乐 高兴 欢乐 幸福 | sun flower bird; cartoon
sad | 悲伤 难过 伤心 忧伤 | umbrella moon boat; ink
lonely | 孤独 孤单 寂寞 | boat moon tree; ink
free | 自由 | bird boat rocket; watercolour
hungry | 饿 肚子饿 | apple fish cup; cartoon
bored/boring | 无聊 | rocket bird fish; cartoon
tired/sleepy | 累 疲惫 困 瞌睡 | moon cup cat; watercolour
powerful/majestic/grand | 壮观 宏伟 雄伟 震撼 大气 | sun tree boat; ink
minimal-looking/clean | 干净 清爽 简约 | cup apple key; flat
surreal/weird/strange/trippy | 超现实 奇怪 古怪 怪怪 迷幻 离奇 | fish umbrella moon; neon
hopeful/inspiring/uplifting | 励志 希望 充满希望 向上 | sun bird rocket; watercolour
delightful/fun/happy-looking | 愉快 轻松 元气 | sun flower bird; cartoon
tasty-looking/yummy | 馋人 好吃的样子 | apple cup mushroom; cartoon
natural | 自然 大自然 | tree flower bird; watercolour
summery | 夏日感 清凉 凉快 | sun fish boat; watercolour
wintry | 冬日感 | house tree cup; watercolour
"""

COLOURS: Final[tuple[Entry, ...]] = read_table(Kind.COLOUR, _COLOURS)
LOOKS: Final[tuple[Entry, ...]] = read_table(Kind.LOOK, _LOOKS)
MOODS: Final[tuple[Entry, ...]] = read_table(Kind.MOOD, _MOODS)
