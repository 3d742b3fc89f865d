"""Things people ask for, in both languages. Pure data; knows no grammar.

The third column is the Chinese measure word where it is not 个 or 只.
"""

from __future__ import annotations

from typing import Final

from inference.expansion.lexicon.entries import Entry, Kind, read_table

_ANIMALS: Final = """
dog/puppy/doggy | 狗 小狗 狗狗 犬 | 只
cat/kitty/kitten | 猫 小猫 猫咪 小猫咪 喵 喵星人 | 只
corgi | 柯基 柯基犬 | 只
shiba inu/shiba | 柴犬 | 只
husky | 哈士奇 二哈 | 只
golden retriever | 金毛 金毛犬 | 只
poodle | 泰迪 贵宾犬 | 只
ragdoll cat | 布偶猫 | 只
rabbit/bunny/hare | 兔子 小兔子 兔 小兔 | 只
hamster | 仓鼠 | 只
guinea pig | 豚鼠 荷兰猪 | 只
capybara | 水豚 卡皮巴拉 | 只
mouse | 老鼠 小老鼠 鼠 | 只
squirrel | 松鼠 小松鼠 | 只
hedgehog | 刺猬 小刺猬 | 只
fox | 狐狸 小狐狸 | 只
wolf | 狼 | 只
bear | 熊 小熊 | 只
teddy bear | 泰迪熊 玩具熊 | 只
polar bear | 北极熊 | 只
panda/giant panda | 熊猫 大熊猫 | 只
red panda | 小熊猫 | 只
koala | 考拉 树袋熊 | 只
kangaroo | 袋鼠 | 只
lion | 狮子 雄狮 | 只
tiger | 老虎 虎 小老虎 | 只
leopard | 豹子 豹 | 只
cheetah | 猎豹 | 只
elephant | 大象 象 小象 | 头
giraffe | 长颈鹿 | 只
zebra | 斑马 | 匹
hippo/hippopotamus | 河马 | 只
rhino/rhinoceros | 犀牛 | 头
monkey | 猴子 小猴子 猴 | 只
gorilla | 大猩猩 | 只
sloth | 树懒 | 只
otter | 水獭 | 只
raccoon | 浣熊 | 只
badger | 獾 | 只
bat | 蝙蝠 | 只
horse/pony | 马 骏马 小马 | 匹
unicorn | 独角兽 | 只
cow/bull | 牛 奶牛 小牛 | 头
ox | 公牛 水牛 | 头
sheep/lamb | 羊 绵羊 小羊 羊羔 | 只
goat | 山羊 | 只
alpaca/llama | 羊驼 草泥马 | 只
camel | 骆驼 | 头
donkey | 驴 毛驴 | 头
pig/piglet | 猪 小猪 猪猪 | 头
deer/fawn | 鹿 小鹿 梅花鹿 | 只
reindeer | 驯鹿 | 只
bird | 鸟 小鸟 鸟儿 | 只
owl | 猫头鹰 | 只
eagle/hawk/falcon | 老鹰 鹰 雄鹰 | 只
parrot | 鹦鹉 | 只
peacock | 孔雀 | 只
swan | 天鹅 | 只
crane | 仙鹤 鹤 丹顶鹤 | 只
flamingo | 火烈鸟 | 只
crow/raven | 乌鸦 | 只
magpie | 喜鹊 | 只
sparrow | 麻雀 | 只
swallow | 燕子 | 只
dove/pigeon | 鸽子 白鸽 | 只
seagull/gull | 海鸥 | 只
hummingbird | 蜂鸟 | 只
penguin | 企鹅 小企鹅 | 只
chicken/hen | 鸡 母鸡 | 只
chick | 小鸡 | 只
rooster | 公鸡 | 只
duck/duckling | 鸭子 小鸭子 鸭 小鸭 | 只
rubber duck | 小黄鸭 橡皮鸭 | 只
goose | 鹅 大鹅 | 只
fish | 鱼 小鱼 鱼儿 | 条
goldfish | 金鱼 | 条
koi/koi carp | 锦鲤 鲤鱼 | 条
shark | 鲨鱼 | 条
whale | 鲸鱼 鲸 蓝鲸 | 条
dolphin | 海豚 | 只
octopus | 章鱼 八爪鱼 | 只
squid | 鱿鱼 | 只
jellyfish | 水母 | 只
crab | 螃蟹 | 只
lobster | 龙虾 | 只
shrimp | 虾 小虾 | 只
starfish | 海星 | 只
seahorse | 海马 | 只
seal | 海豹 | 只
turtle/tortoise | 乌龟 海龟 龟 | 只
frog | 青蛙 | 只
toad | 蟾蜍 癞蛤蟆 | 只
snake | 蛇 | 条
lizard | 蜥蜴 | 只
chameleon | 变色龙 | 只
crocodile/alligator | 鳄鱼 | 条
dinosaur | 恐龙 小恐龙 | 只
t-rex/tyrannosaurus | 霸王龙 | 只
dragon | 龙 巨龙 小龙 | 条
phoenix | 凤凰 | 只
griffin | 狮鹫 | 只
butterfly | 蝴蝶 | 只
bee/bumblebee | 蜜蜂 小蜜蜂 | 只
ladybug/ladybird | 瓢虫 | 只
dragonfly | 蜻蜓 | 只
firefly | 萤火虫 | 只
ant | 蚂蚁 | 只
spider | 蜘蛛 | 只
snail | 蜗牛 | 只
caterpillar | 毛毛虫 | 条
beetle | 甲虫 | 只
moth | 飞蛾 | 只
animal/creature | 动物 小动物 | 只
pet | 宠物 | 只
"""

_PEOPLE: Final = """
person/human | 人 人物 自己 我自己 | 个
people/crowd | 人群 人们 | 群
man/guy/gentleman | 男人 男子 男士 男 | 个
woman/lady | 女人 女子 女士 女 | 个
boy | 男孩 小男孩 男生 少年 | 个
girl | 女孩 小女孩 女生 少女 姑娘 小姑娘 妹子 | 个
child/kid | 孩子 小孩 小朋友 儿童 | 个
baby | 婴儿 宝宝 | 个
old man/grandpa | 老人 老爷爷 爷爷 老头 | 个
old woman/grandma | 老奶奶 奶奶 老太太 | 个
couple | 情侣 夫妻 | 对
bride | 新娘 | 个
king | 国王 | 个
queen | 女王 王后 | 个
prince | 王子 | 个
princess | 公主 小公主 | 个
knight | 骑士 | 个
samurai | 武士 | 个
ninja | 忍者 | 个
swordsman | 剑客 侠客 大侠 | 个
warrior | 战士 勇士 | 个
wizard/sorcerer/mage | 巫师 法师 魔法师 | 个
witch | 女巫 魔女 | 个
fairy | 仙女 小仙女 | 个
elf | 精灵 | 个
dwarf | 矮人 | 个
mermaid | 美人鱼 人鱼 | 条
angel | 天使 | 个
vampire | 吸血鬼 | 个
ghost | 鬼 幽灵 小幽灵 | 只
monster | 怪兽 怪物 小怪兽 | 只
alien | 外星人 | 个
robot/android | 机器人 小机器人 | 个
cyborg | 赛博格 生化人 | 个
mecha | 机甲 高达 | 台
astronaut/spaceman | 宇航员 航天员 太空人 | 个
pirate | 海盗 | 个
cowboy | 牛仔 | 个
detective | 侦探 | 个
chef/cook | 厨师 大厨 | 个
doctor | 医生 | 个
nurse | 护士 | 个
teacher | 老师 教师 | 个
student | 学生 | 个
scientist | 科学家 | 个
soldier | 士兵 军人 | 个
policeman | 警察 | 个
fireman/firefighter | 消防员 | 个
farmer | 农民 农夫 | 个
fisherman | 渔夫 渔翁 | 个
painter/artist | 画家 艺术家 | 个
musician | 音乐家 乐手 | 个
dancer | 舞者 | 个
ballerina | 芭蕾舞者 | 个
programmer | 程序员 码农 | 个
superhero/hero | 超级英雄 英雄 | 个
clown | 小丑 | 个
santa claus/santa | 圣诞老人 | 个
snowman | 雪人 | 个
monk | 和尚 僧人 | 个
buddha | 佛像 佛 | 尊
emperor | 皇帝 | 个
geisha | 艺伎 | 个
beauty | 美女 | 个
handsome man | 帅哥 | 个
friend | 朋友 好友 闺蜜 | 个
mother/mom/mum | 妈妈 母亲 妈 | 个
father/dad | 爸爸 父亲 爸 | 个
wife | 妻子 老婆 | 个
husband | 丈夫 老公 | 个
girlfriend | 女朋友 女友 | 个
boyfriend | 男朋友 男友 | 个
brother | 哥哥 弟弟 兄弟 | 个
sister | 姐姐 妹妹 姐妹 | 个
son | 儿子 | 个
daughter | 女儿 | 个
boss | 老板 | 个
neighbour/neighbor | 邻居 | 个
colleague | 同事 | 个
face | 脸 面孔 | 张
eye | 眼睛 | 只
hand | 手 | 只
~hair | 头发 |
~long hair | 长发 |
~short hair | 短发 |
wing | 翅膀 | 对
tail | 尾巴 | 条
"""

_NATURE: Final = """
star/five-pointed star | 星星 五角星 星 | 颗
heart/love heart | 爱心 心形 心 | 颗
moon/crescent moon/crescent | 月亮 月牙 弯月 明月 圆月 | 轮
sun | 太阳 | 轮
planet | 行星 星球 | 颗
earth | 地球 | 个
galaxy | 银河 星系 | 条
comet | 彗星 | 颗
shooting star/meteor | 流星 | 颗
cloud | 云 云朵 白云 云彩 | 朵
rainbow | 彩虹 | 道
lightning bolt/lightning | 闪电 | 道
tree | 树 大树 树木 小树 | 棵
pine tree/pine | 松树 松 | 棵
willow | 柳树 垂柳 | 棵
cherry tree | 樱花树 | 棵
palm tree | 椰子树 棕榈树 椰树 | 棵
christmas tree | 圣诞树 | 棵
maple tree | 枫树 | 棵
~bamboo | 竹子 竹 |
petal | 花瓣 | 片
lucky cat/maneki-neko | 招财猫 | 只
flower/blossom | 花 花朵 小花 鲜花 | 朵
rose | 玫瑰 玫瑰花 | 朵
tulip | 郁金香 | 朵
sunflower | 向日葵 | 朵
lotus/lotus flower | 荷花 莲花 | 朵
cherry blossom/sakura | 樱花 | 朵
plum blossom | 梅花 | 朵
orchid | 兰花 | 朵
chrysanthemum | 菊花 | 朵
peony | 牡丹 牡丹花 | 朵
lily | 百合 百合花 | 朵
~lavender | 薰衣草 |
dandelion | 蒲公英 | 朵
daisy | 雏菊 | 朵
dandelion seed | 蒲公英种子 | 颗
bouquet | 花束 | 束
branch | 树枝 枝头 | 根
leaf | 叶子 树叶 | 片
maple leaf | 枫叶 | 片
~grass | 草 小草 |
cactus | 仙人掌 | 棵
succulent | 多肉 多肉植物 | 盆
potted plant/plant | 盆栽 植物 绿植 | 盆
bonsai | 盆景 | 盆
mushroom/toadstool | 蘑菇 | 朵
four-leaf clover | 四叶草 | 片
stone/rock | 石头 岩石 | 块
crystal | 水晶 | 块
gem/jewel | 宝石 | 颗
diamond | 钻石 | 颗
shell/seashell | 贝壳 | 个
feather | 羽毛 | 根
~fire/~flames | 火 火焰 |
~water | 水 |
~ice | 冰 |
snowflake | 雪花 | 片
raindrop | 雨滴 | 滴
~waves | 海浪 波浪 浪花 |
bubble | 泡泡 气泡 | 个
"""

_FOOD: Final = """
apple | 苹果 | 个
banana | 香蕉 | 根
orange | 橙子 橘子 | 个
lemon | 柠檬 | 个
strawberry | 草莓 | 颗
cherry | 樱桃 | 颗
peach | 桃子 桃 水蜜桃 | 个
pear | 梨 梨子 | 个
watermelon | 西瓜 | 个
pineapple | 菠萝 | 个
mango | 芒果 | 个
grape | 葡萄 | 颗
blueberry | 蓝莓 | 颗
coconut | 椰子 | 个
avocado | 牛油果 鳄梨 | 个
tomato | 番茄 西红柿 | 个
carrot | 胡萝卜 | 根
jack-o'-lantern | 南瓜灯 | 个
pumpkin | 南瓜 | 个
chili pepper | 辣椒 | 根
~corn | 玉米 |
potato | 土豆 | 个
bread/loaf | 面包 | 个
cake/birthday cake | 蛋糕 生日蛋糕 | 个
cupcake | 纸杯蛋糕 | 个
cookie/biscuit | 饼干 曲奇 | 块
donut/doughnut | 甜甜圈 | 个
pizza | 披萨 比萨 | 个
hamburger/burger | 汉堡 汉堡包 | 个
hot dog | 热狗 | 个
sandwich | 三明治 | 个
~sushi | 寿司 |
~noodles | 面条 面 |
~ramen | 拉面 |
~hot pot | 火锅 |
dumpling | 饺子 水饺 | 个
steamed bun | 包子 小笼包 | 个
mooncake | 月饼 | 块
rice dumpling | 粽子 | 个
~rice | 米饭 |
egg | 鸡蛋 蛋 | 个
~ice cream | 冰淇淋 冰激凌 雪糕 |
popsicle | 冰棍 | 根
lollipop | 棒棒糖 | 根
~candy | 糖果 糖 |
~chocolate | 巧克力 |
pancake | 煎饼 松饼 | 块
~coffee | 咖啡 |
~tea | 茶 |
~milk | 牛奶 |
~bubble tea/boba | 奶茶 珍珠奶茶 |
~beer | 啤酒 |
~wine | 红酒 葡萄酒 |
cocktail | 鸡尾酒 | 杯
~cheese | 奶酪 芝士 |
honey jar | 蜂蜜罐 | 个
fruit | 水果 | 个
vegetable | 蔬菜 | 棵
~food | 食物 美食 |
dessert | 甜点 甜品 | 份
dim sum | 点心 | 份
"""

_BUILT: Final = """
house/cottage/home | 房子 小屋 房屋 屋子 | 座
cabin/hut | 木屋 小木屋 茅屋 | 座
treehouse/tree house | 树屋 | 座
castle | 城堡 | 座
palace | 宫殿 皇宫 | 座
villa | 别墅 | 座
tower | 塔 高塔 | 座
pagoda | 宝塔 | 座
temple | 寺庙 庙 神庙 | 座
church/cathedral | 教堂 | 座
pavilion | 亭子 凉亭 | 座
lighthouse | 灯塔 | 座
windmill | 风车 | 座
bridge | 桥 小桥 石桥 | 座
skyscraper | 摩天大楼 高楼 | 座
building | 建筑 大楼 楼房 | 座
pyramid | 金字塔 | 座
eiffel tower | 埃菲尔铁塔 | 座
great wall | 长城 | 座
gate | 大门 城门 | 扇
door | 门 木门 房门 门口 | 扇
window | 窗户 窗 窗子 | 扇
stair/staircase | 楼梯 台阶 | 段
wall | 墙 墙壁 | 面
roof | 屋顶 | 个
fence | 栅栏 篱笆 | 道
fountain | 喷泉 | 座
statue | 雕像 | 座
tent | 帐篷 | 顶
igloo | 冰屋 | 座
barn | 谷仓 | 座
shop/store | 商店 店铺 小店 | 家
cafe/café/coffee shop | 咖啡馆 咖啡店 咖啡厅 | 家
bakery | 面包店 | 家
restaurant | 餐厅 饭店 餐馆 | 家
bookshop/bookstore | 书店 | 家
ferris wheel | 摩天轮 | 座
carousel | 旋转木马 | 座
train station | 火车站 车站 | 座
boat/sailboat | 船 帆船 小船 小舟 | 艘
dragon boat | 龙舟 | 艘
ship | 轮船 大船 | 艘
pirate ship | 海盗船 | 艘
submarine | 潜艇 潜水艇 | 艘
car/automobile | 汽车 小汽车 轿车 车 小车 | 辆
sports car | 跑车 | 辆
taxi | 出租车 | 辆
bus | 公交车 巴士 公共汽车 | 辆
truck/lorry | 卡车 货车 | 辆
tractor | 拖拉机 | 辆
bicycle/bike | 自行车 单车 脚踏车 | 辆
motorcycle/motorbike | 摩托车 摩托 | 辆
scooter | 电动车 滑板车 | 辆
skateboard | 滑板 | 块
surfboard | 冲浪板 | 块
train | 火车 列车 | 列
steam train/locomotive | 蒸汽火车 火车头 | 列
high-speed train | 高铁 | 列
tram | 电车 有轨电车 | 辆
plane/airplane/aeroplane/aircraft | 飞机 | 架
helicopter | 直升机 | 架
airship/zeppelin | 飞艇 | 艘
hot air balloon | 热气球 | 个
drone | 无人机 | 架
rocket | 火箭 | 枚
spaceship/spacecraft | 飞船 宇宙飞船 太空船 | 艘
space station | 空间站 太空站 | 座
ufo/flying saucer | 飞碟 不明飞行物 | 艘
satellite | 卫星 人造卫星 | 颗
tank | 坦克 | 辆
"""

_OBJECTS: Final = """
cup/mug/teacup | 杯子 茶杯 马克杯 杯 | 个
glass | 玻璃杯 | 个
bottle | 瓶子 | 个
vase | 花瓶 | 个
teapot | 茶壶 | 个
kettle | 水壶 | 个
bowl | 碗 | 个
plate/dish | 盘子 | 个
spoon | 勺子 | 把
fork | 叉子 | 把
chopstick | 筷子 | 双
pot | 锅 | 口
basket | 篮子 | 个
box | 盒子 箱子 | 个
gift/present | 礼物 礼盒 | 个
treasure chest | 宝箱 | 个
bag | 包 袋子 | 个
backpack | 背包 书包 | 个
suitcase | 行李箱 | 个
key | 钥匙 | 把
lock | 锁 | 把
umbrella/parasol | 雨伞 伞 油纸伞 | 把
fan | 扇子 折扇 | 把
book | 书 书本 | 本
scroll | 卷轴 画卷 | 卷
letter | 信 信件 | 封
envelope | 信封 | 个
pen | 钢笔 笔 | 支
pencil | 铅笔 | 支
brush | 毛笔 画笔 | 支
map | 地图 | 张
newspaper | 报纸 | 张
card | 卡片 贺卡 生日贺卡 | 张
table/desk | 桌子 书桌 餐桌 桌 | 张
chair | 椅子 | 把
sofa/couch | 沙发 | 张
bed | 床 | 张
bookshelf | 书架 | 个
lamp | 灯 台灯 | 盏
lantern | 灯笼 | 盏
street lamp/streetlight/lamppost | 路灯 | 盏
candle | 蜡烛 | 支
light bulb | 灯泡 | 个
frame/border | 边框 相框 画框 | 个
mirror | 镜子 | 面
clock | 钟 时钟 | 个
watch | 手表 | 块
pocket watch | 怀表 | 块
hourglass | 沙漏 | 个
telescope | 望远镜 | 架
camera | 相机 照相机 | 台
phone/smartphone | 手机 电话 | 部
computer | 电脑 计算机 | 台
laptop | 笔记本电脑 | 台
television/tv | 电视 电视机 | 台
radio | 收音机 | 台
keyboard | 键盘 | 个
headphones | 耳机 | 副
game console | 游戏机 | 台
piano | 钢琴 | 架
guitar | 吉他 | 把
violin | 小提琴 | 把
flute | 笛子 长笛 | 支
drum | 鼓 | 面
guqin | 古琴 | 张
trumpet | 小号 | 支
ball | 球 皮球 | 个
football/soccer ball | 足球 | 个
basketball | 篮球 | 个
balloon | 气球 | 个
kite | 风筝 | 只
toy | 玩具 | 个
doll | 娃娃 洋娃娃 | 个
puppet | 木偶 | 个
robot toy | 玩具机器人 | 个
top hat | 礼帽 | 顶
hat/cap | 帽子 帽 | 顶
crown | 皇冠 王冠 | 顶
helmet | 头盔 | 顶
~sunglasses | 墨镜 太阳镜 |
~glasses/~eyeglasses | 眼镜 |
mask | 口罩 面具 | 个
scarf | 围巾 | 条
dress | 裙子 连衣裙 长裙 | 条
skirt | 短裙 | 条
shirt | 衬衫 | 件
t-shirt | t恤 | 件
coat/jacket | 外套 大衣 夹克 | 件
suit | 西装 | 套
sweater | 毛衣 | 件
kimono | 和服 | 件
hanfu | 汉服 古装 | 套
cheongsam/qipao | 旗袍 | 件
spacesuit | 宇航服 太空服 | 套
~armor/~armour | 盔甲 铠甲 |
cape/cloak | 披风 斗篷 | 件
shoe | 鞋子 鞋 | 双
boot | 靴子 | 双
sneaker | 运动鞋 球鞋 | 双
bow | 蝴蝶结 | 个
necklace | 项链 | 条
ring | 戒指 | 枚
sword/blade | 剑 宝剑 | 把
knife | 刀 小刀 | 把
axe | 斧头 斧子 | 把
shield | 盾牌 盾 | 面
bow and arrow | 弓箭 | 套
gun/pistol/rifle | 枪 手枪 | 把
bomb | 炸弹 | 颗
skull | 骷髅 骷髅头 | 个
skeleton | 骨架 骷髅架 | 具
magic wand/wand | 魔杖 魔法棒 | 根
potion | 药水 魔药 | 瓶
crystal ball | 水晶球 | 个
broom | 扫帚 | 把
hammer | 锤子 | 把
gear/cog | 齿轮 | 个
flag | 旗子 旗帜 国旗 | 面
sign/signboard | 招牌 牌子 指示牌 | 块
neon sign | 霓虹灯招牌 霓虹招牌 | 块
neon light | 霓虹灯光 | 盏
banner | 横幅 | 条
trophy | 奖杯 | 座
coin | 硬币 金币 | 枚
~money | 钱 |
cross | 十字架 | 个
bell | 铃铛 钟铃 | 个
swing | 秋千 | 个
bench | 长椅 | 张
mailbox | 邮箱 信箱 | 个
fish tank/aquarium | 鱼缸 水族箱 | 个
~fireworks | 烟花 烟火 |
red envelope | 红包 | 个
couplet | 春联 对联 | 副
paper crane | 千纸鹤 纸鹤 | 只
"""

_LOOSE: Final = """
square | 正方形 | 个
triangle | 三角形 | 个
circle | 圆形 圆圈 圆 | 个
cube | 立方体 方块 | 个
sphere | 球体 圆球 | 个
pyramid shape | 锥体 | 个
spiral | 螺旋 | 个
arrow | 箭头 | 个
~text/~words/~letters | 文字 字 文本 |
~watermark | 水印 |
~logo text | 商标字 |
shadow | 影子 阴影 | 个
~smoke | 烟 烟雾 |
~blood | 血 鲜血 |
"""

THINGS: Final[tuple[Entry, ...]] = tuple(
    entry
    for table in (_ANIMALS, _PEOPLE, _NATURE, _FOOD, _BUILT, _OBJECTS, _LOOSE)
    for entry in read_table(Kind.THING, table)
)
