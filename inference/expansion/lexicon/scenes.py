"""Places, times, weather and where things are, in both languages. Pure data.

English names of places and times are phrases that can follow a comma ("at night"). The
third column of a place is its bare noun, after which a picture can be named by itself ("the
beach"); a time without one sets a scene but is nothing to draw.
"""

from __future__ import annotations

from typing import Final

from inference.expansion.lexicon.entries import Entry, Kind, read_table

_PLACES: Final = """
by the sea/at sea/over the ocean/by the ocean/at the seaside/on the sea/in the sea | 海边 海上 大海上 海面上 海面 大海边 海里 大海 海洋 海 海岸 | the sea
in the sea/underwater/under the sea/beneath the waves | 海底 海底世界 水下 水底 深海 | the deep sea
on a beach/on the beach/at the beach | 沙滩 沙滩上 海滩 海滩上 | a beach
in a meadow/on a green meadow/in a grassy field/in the meadow/in a field/on the grass | 草地上 草原上 草坪上 草地 草原 草坪 草丛 草丛里 | a meadow
in a forest/in the forest/in the woods | 森林 森林里 森林中 树林 树林里 丛林 林中 林间 | a forest
in a bamboo forest/in a bamboo grove | 竹林 竹林里 竹林中 | a bamboo forest
in the mountains/on a mountain/on a mountaintop | 山 山上 山里 山中 高山 山顶 群山 山脉 大山 远山 | mountains
in a valley | 山谷 峡谷 | a valley
by a lake/on a lake/by the lake | 湖边 湖 湖泊 湖面 湖面上 湖上 湖水 西湖 | a lake
by a river/on a river/by the river | 河边 河 河流 小河 江边 江上 江面 小溪 溪边 河里 河面 | a river
by a waterfall | 瀑布 瀑布下 | a waterfall
by a pond/in a pond | 池塘 池塘里 池塘边 荷塘 | a pond
on an island | 小岛 岛 岛上 岛屿 海岛 | an island
in a desert/in the desert | 沙漠 沙漠里 沙漠中 戈壁 | a desert
in a snowy landscape/in the snow | 雪地 雪地里 雪地上 雪中 雪里 雪景 | a snowy landscape
in a garden/in the garden | 花园 花园里 院子 院子里 庭院 后院 | a garden
in a flower field | 花海 花田 花丛 花丛中 | a flower field
in a wheat field | 麦田 麦田里 稻田 田野 田里 田间 | a wheat field
in a park/in the park | 公园 公园里 | a park
on a farm | 农场 农场里 | a farm
in a village | 村庄 乡村 村子 小村庄 古镇 小镇 水乡 | a village
in a city/in the city/downtown | 城市 都市 城市里 城里 都市里 | a city
in an ancient city | 古城 古城里 长安 | an ancient city
on a street/in the street/on the street | 街道 街上 街头 马路 马路上 大街上 街边 胡同 小巷 巷子 小巷里 | a street
on the ground | 地上 地面上 地面 |
on a road/on the road | 路上 公路 公路上 道路 小路 | a road
in a classroom | 教室 教室里 | a classroom
in a library | 图书馆 图书馆里 | a library
in a kitchen | 厨房 厨房里 | a kitchen
in a room/in a bedroom/in the living room | 房间 房间里 卧室 客厅 卧室里 客厅里 屋里 室内 | a room
in an office | 办公室 办公室里 | an office
at a market | 市场 集市 夜市 菜市场 | a market
on a stage | 舞台 舞台上 | a stage
at a station | 站台 站台上 | a station
on a rooftop | 屋顶上 天台 楼顶 | a rooftop
in space/in outer space | 太空 太空中 宇宙 宇宙中 外太空 太空里 | outer space
on the moon | 月球 月球上 月亮上 | the surface of the moon
on mars | 火星 火星上 | the surface of mars
in the sky/in the air | 天空 天上 空中 天空中 蓝天 蓝天上 半空 | the sky
in the clouds/above the clouds | 云端 云海 云中 云上 云雾 云间 云层 | a sea of clouds
on a hill | 山坡 山坡上 小山 山丘 | a hill
on a cliff | 悬崖 悬崖边 悬崖上 | a cliff
by a window/by the window | 窗边 窗前 窗台 窗台上 窗外 | a window
in a cave | 山洞 洞穴 洞里 | a cave
in a dream | 梦里 梦中 梦境 | a dream
in a futuristic city | 未来城市 未来都市 | a futuristic city
in the countryside | 乡下 郊外 野外 田园 | the countryside
in ruins | 废墟 废墟中 遗迹 | ruins
at a harbour/at a harbor | 港口 码头 渡口 | a harbour
on a snowy mountain | 雪山 雪山上 雪山顶 雪峰 | a snowy mountain
in tokyo | 东京 东京街头 | tokyo
in kyoto | 京都 | kyoto
in beijing | 北京 | beijing
in shanghai | 上海 外滩 | shanghai
in hong kong | 香港 | hong kong
in paris | 巴黎 | paris
in london | 伦敦 | london
in new york | 纽约 | new york
in venice | 威尼斯 | venice
in rome | 罗马 古罗马 | rome
in egypt | 埃及 古埃及 | egypt
in jiangnan | 江南 江南水乡 | jiangnan
in a landscape | 风景 山水 景色 美景 风光 | a landscape
on a plain background/on a simple background/plain background/simple background/white background/on a white background/solid background | 纯色背景 简单背景 素色背景 白色背景 白底 纯白背景 白背景 |
"""

_TIMES: Final = """
at night/under a night sky/on a starry night/night/nighttime/night time | 夜晚 夜里 星空下 夜空 晚上 夜间 深夜 黑夜 夜色 午夜 星夜 夜空下 夜空中 夜晚的天空 夜景 |
under the stars/starry sky/starry night | 星空 繁星 满天繁星 | a starry sky
at sunset/at dusk/in the evening glow/sunset/dusk/in the sunset | 日落 夕阳下 黄昏 傍晚 夕阳 晚霞 落日 夕阳西下 黄昏时分 暮色 | a sunset
at golden hour/golden hour | 黄金时刻 |
at sunrise/at dawn/sunrise/dawn | 日出 清晨 黎明 早晨 早上 朝霞 拂晓 晨光 | a sunrise
in the daytime/by day/at noon/daytime | 白天 中午 正午 |
in the moonlight/under the moonlight/moonlit | 月光下 月光 月下 月夜 |
in the sunshine/in the sunlight/sunny | 阳光下 阳光 晴天 阳光明媚 晴朗 |
in the rain/rainy/raining | 雨中 下雨 雨天 雨里 下着雨 下雨天 雨夜 大雨 细雨 |
in falling snow/snowy/snowing/in the snowfall | 下雪 雪天 下着雪 飘雪 大雪 雪花纷飞 |
in the fog/foggy/misty/in the mist | 雾 雾中 大雾 薄雾 雾气 |
in a storm/stormy/thunderstorm | 暴风雨 风暴 雷雨 雷电 |
in the wind/windy | 风中 刮风 |
in spring/springtime/spring | 春天 春季 春日 春 | a spring landscape
in summer/summer/summertime | 夏天 夏季 夏日 盛夏 | a summer landscape
in autumn/autumn/in fall | 秋天 秋季 秋日 深秋 | an autumn landscape
in winter/winter/wintertime | 冬天 冬季 冬日 冬夜 | a winter landscape
under the northern lights/aurora/northern lights | 极光 极光下 | the northern lights
under the full moon/full moon | 满月 满月下 月圆 |
at christmas/christmas | 圣诞节 圣诞 圣诞夜 | a christmas scene
at chinese new year/chinese new year/lunar new year/spring festival | 春节 新年 过年 除夕 | a chinese new year scene
at the dragon boat festival/dragon boat festival | 端午节 端午 | a dragon boat festival scene
at the lantern festival/lantern festival | 元宵节 元宵 | a lantern festival scene
at the mid-autumn festival/mid-autumn festival | 中秋节 中秋 | a mid-autumn night
at halloween/halloween | 万圣节 | a halloween scene
on valentine's day/valentine's day | 情人节 七夕 |
"""

_RELATIONS: Final = """
left of/to the left of/on the left of | 左边 左侧 左面 左方
right of/to the right of/on the right of | 右边 右侧 右面 右方
above/over/on top of | 上方 上面 上边 之上 上空
below/under/beneath/underneath | 下方 下面 下边 之下 底下 下
on/upon | 上
in/inside/within | 里 里面 中 内 里边 之中 当中
next to/beside/by/near/alongside | 旁边 旁 身边 身旁 附近 边上 一旁
in front of/before | 前面 前方 面前 前 跟前 门前
behind | 后面 背后 后方 身后 后
between | 之间 中间
around | 周围 四周
outside | 外面 外
opposite | 对面
in the top left corner | 左上角 左上方
in the top right corner | 右上角 右上方
in the bottom left corner | 左下角 左下方
in the bottom right corner | 右下角 右下方
in the corner | 角落 角落里
"""

PLACES: Final[tuple[Entry, ...]] = read_table(Kind.PLACE, _PLACES)
TIMES: Final[tuple[Entry, ...]] = read_table(Kind.TIME, _TIMES)
RELATIONS: Final[tuple[Entry, ...]] = read_table(Kind.RELATION, _RELATIONS)
