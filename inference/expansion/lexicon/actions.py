"""What things do, in both languages. Pure data; English as "-ing" forms."""

from __future__ import annotations

from typing import Final

from inference.expansion.lexicon.entries import Entry, Kind, read_table

_ACTIONS: Final = """
riding | 骑着 骑 骑乘
wearing | 戴着 穿着 戴 穿 披着 身穿 头戴 系着
holding | 拿着 拿 抱着 抱 手持 手拿 握着 举着 捧着 提着 手里拿着 手捧
carrying | 背着 扛着
with | 带着
driving | 开着 驾驶 驾驶着 开车
eating | 吃着 吃 正在吃 啃 啃着
drinking | 喝着 喝 正在喝
playing | 弹着 弹 弹奏 拉着 吹着 演奏 玩着 玩 玩耍 打着 嬉戏 踢 打
reading | 看书 读书 读着 阅读
watching/looking at | 看着 看 望着 盯着 仰望 凝视 欣赏
chasing | 追着 追 追逐 追赶
flying | 飞 飞翔 飞行 飞着 在飞 翱翔
flying to | 飞向 飞往
flying over | 飞过 飞越
walking to | 走向
parked | 停在 停着 停
holding hands with | 牵着 牵 手牵手
running | 跑 奔跑 跑步 跑着 飞奔
jumping | 跳 跳跃 跳起 跳着
walking | 走 走路 行走 散步 走着 走在
standing | 站着 站 站立 站在
sitting | 坐着 坐 坐在
lying | 躺着 躺 趴着 趴 躺在 趴在
sleeping | 睡觉 睡着 睡 打盹 沉睡 睡在 熟睡
swimming | 游泳 游 游着 畅游 游动 游来游去
hovering | 盘旋 盘旋在 飞舞
floating | 漂浮 飘浮 漂着 飘着 漂在 悬浮 浮在
dancing | 跳舞 舞蹈 起舞 舞动
dragon boat racing | 赛龙舟 划龙舟
singing | 唱歌 唱着 歌唱
smiling | 笑着 笑 大笑 微笑着
crying | 哭 哭泣 流泪
fighting | 打架 战斗 打斗 格斗
fishing | 钓鱼 垂钓
cooking | 做饭 烹饪 炒菜
painting a picture | 画画 作画 绘画
writing | 写字 写作
climbing | 爬 爬上 攀登 攀爬
surfing | 冲浪
skiing | 滑雪
skating | 滑冰 溜冰
working | 工作 上班 加班 写代码
studying | 学习 做作业
taking a bath | 洗澡 泡澡
hugging | 拥抱 抱抱
kissing | 接吻 亲吻 亲
waving | 挥手 招手
kneeling | 跪着 跪
blooming | 盛开着 绽放着 开放 开了
burning | 燃烧 着火 燃烧着
shining | 闪耀 闪烁 照耀
falling | 飘落 落下 掉落 坠落
rising | 升起 冉冉升起
growing | 长着 生长 长满
hanging | 挂着 悬挂 挂在 挂
waiting | 等待 等着 等
meditating | 打坐 冥想 修炼
doing tai chi | 打太极 太极
drinking tea | 喝茶 品茶
drinking coffee | 喝咖啡
exploring | 探险 探索
travelling | 旅行 旅游
shopping | 购物 逛街
selling | 卖 出售
crossing | 穿过 越过 穿越 驶过
surrounded by | 围绕着 环绕 被包围
covered with | 铺满 覆盖 布满 盖着 覆盖着
full of | 充满 装满 盛满
looking up at the sky | 看星星 仰望星空
flying a kite | 放风筝
playing football | 踢足球
playing basketball | 打篮球 打球
playing the guitar | 弹吉他
playing the piano | 弹钢琴
playing video games | 打游戏 玩游戏
sunbathing | 晒太阳
camping | 露营
carved with | 刻着
turning into | 变成 化作
made of | 做成 制成
"""

ACTIONS: Final[tuple[Entry, ...]] = read_table(Kind.ACTION, _ACTIONS)
