# 门口和请求途中要说的话：为什么现在不行，按钮做了什么，为什么没做成。

## 门口

ask-broken-words = 您的文字里有一个残缺、无法保存的字符；请重新输入。
ask-too-long = 这有 { NUMBER($value, useGrouping: 0) } 个字符；请用 { NUMBER($most, useGrouping: 0) } 个以内说完。
ask-too-large = 边长 { NUMBER($value, useGrouping: 0) } 像素超出了这里能画的大小；请不要超过 { NUMBER($most, useGrouping: 0) }。
ask-paused-here = 管理员暂停了这里的画室；请等恢复后再要图。之前的请求届时会继续。
ask-banned = 您不能再在这里要图了；如果觉得不对，请联系管理员。
ask-paused = 再过 { $number } { $unit ->
    [days] 天
    [hours] 小时
   *[minutes] 分钟
}您就可以继续要图了。
ask-concurrent = 您还有 { $most } 个请求没画完；请等一等，或者撤回一个。
ask-daily = 超出了今天的 { $most } 张：您还剩 { $left } 张，{ $hours } 小时后重新有 { $most } 张。

## 命令

command-unknown = 我不认识命令 { $name }；看看帮助里有什么。
command-unknown-option = 这里没有选项 { $name }，请去掉它。
command-needs-picture = 是哪张图片？请附上一张，或对着一张图片回复 { $command }；在终端里写文件名：/{ $command } --{ $name } 文件
command-needs-option = 还需要给出 { $name }。
command-bad-option = 这个不能用作 { $name }，请换一种给法。
command-bad-choice = { $name } 只能是：{ $choices }。
command-out-of-range = { $name } 的范围是 { $least } 到 { $most }。
ask-unknown-aspect = 我不认识形状 { $value }。

## 按钮

request-none = 您没有适用于此的请求。
request-unknown = 没有找到您的请求 { $number }；历史里列有编号。
report-nothing = 没有可举报的图片。
report-sent = 管理员会来看，谢谢。
press-which-change = 请告诉我要改成什么样。
press-not-an-administrator = 只有管理这里的人可以这样做。

press-unknown = 这个按钮在这里没有作用。
press-gone = 它已经不在了；请重新提出。
press-not-yours = 只有提出请求的人或管理员可以这样做。
press-not-a-moderator = 只有管理员可以这样做。
press-too-late = 来不及了：这个请求已经结束。
press-no-such-word = 里面没有“{ $word }”；请说出画面说明里的一个词。
press-which-word = 请告诉我把哪个词换成哪个，例如：猫 > 狗
vote-counted = 谢谢，我记下了。
taken-down = 这张图片已被管理员撤下。
appeal-sent = 会有人来看；结果会发到这里。

## 以往的请求

history-headline = 您最近的请求：
history-empty = 您还没有要过图。
history-surprise = （惊喜）
history-line = { $number }，{ $day }，{ $state ->
    [delivered] 已送达
    [blocked] 被拒绝
    [cancelled] 已撤回
    [failed] 没画成
    [awaiting-answer] 等您回答
    [awaiting-review] 管理员正在看
   *[other] 正在进行
}：{ $wish }

## 没能做成的

failed-undelivered = 我没能联系上这个聊天来送图；等它恢复后请再要一次。
failed-crashed = 这个请求几次让工作室停了下来，所以我放弃了它；请换个愿望。
request-without-brief = 这个请求的画面说明不见了；请再要一次。
render-incomplete = { $wanted } 张里只画出了 { $made } 张；请再要一次。

## 服务

app-already-served = 已有另一个进程在使用数据目录 { $folder }；请先结束它，或直接用它的聊天。

## 设置、队列、账号、数据、帮助

settings-me-headline = 您的设置；没有选的跟随本社区。
settings-here-headline = 对这里所有人生效的设置：
settings-line = { $name }：{ $value }
settings-menu = 选择：{ $name }
settings-clear = 不设定
settings-on = 开
settings-off = 关
settings-expand-on = 允许扩写
settings-expand-off = 只用原话
settings-private-on = 结果设为私密
settings-private-off = 结果设为可见
settings-learning-on = 从我的投票中学习
settings-learning-off = 不要从我这里学习
settings-reviews-here = 案件发到这里
settings-reviews-nowhere = 不发案件
settings-shared-here = 分享的图片发到这里
settings-shared-nowhere = 不发分享的图片
settings-level = 本工作室的尺度是 { $level }；社区只能同样谨慎或更谨慎。
settings-stranger = 我还不认识 { $name }；请对方先和我说一句话。
settings-reviewers-headline = 这些人在这里做决定：
settings-reviewer = { $name }（{ $role }）
settings-reviewers-unalerted = 新的案件还没有发布的地方。请在这些人看得到的地方使用“设置 本群”，把“审核地点”设为“在这个频道”。
settings-reviewers-none = 这里除了运营者没有人做决定；请添加一位。
queue-headline = { $count ->
    [0] 没有请求在排队。
   *[other] 一共有 { $count } 个请求正在进行。
}
queue-line = { $number }：{ $wish } — { $where }
queue-empty = 其中没有您的。
state-awaiting-answer = 在等您回答。
state-awaiting-review = 管理员正在看。
link-code = 您的代码是 { $code }。请在 { $minutes } 分钟内，用另一个账号的“关联”命令告诉我。只输入您自己要来的代码。
link-bad-code = 代码不对或已过期；请在另一个账号里重新要一个。
link-sure = 这会把您和 { $names } 合为一人：两个账号的一切从此共用，使用那个账号的人也能看到这个账号的一切并代它操作。那是您自己的账号吗？
button-link = 是我的
link-same = 这些账号已经关联了。
link-done = 已关联：{ $names }。历史、额度、投票和设置从此共用。
export-line = 我保存的关于您的一切，第 { $number } 部分，共 { $count } 部分；请妥善保管。
erase-sure = 这会彻底删除您在这里以及所有已关联账号中的请求、图片、投票和设置。生效中的封禁或暂停会保留到期满。
erase-done = 已全部删除。回执编号：{ $number }。
forget-sure = 这会删除您的投票，下一次训练不会再用到它们。
forget-done = 您的投票已被忘记。回执编号：{ $number }。
receipt-counts = { NUMBER($rows, useGrouping: 0) } 行（{ $tables }），{ NUMBER($blobs, useGrouping: 0) } 个文件，{ NUMBER($tombstones, useGrouping: 0) } 个标记让下一次训练避开它们。
receipt-sanctions = 针对此账号仍有效的 { $count } 项措施会保留到期满。
help-headline = 在这里可以做什么；直接说也行：
help-replies = 用自己的话回复一个结果就能修改它；其余的都在“更多”里。
style-flat = 扁平
style-cartoon = 卡通
style-neon = 霓虹
style-blueprint = 蓝图
style-watercolour = 水彩
style-ink = 水墨
style-sticker = 贴纸
describe-seen = 我看到：{ $words }。
describe-by-clip = 这是内置模型看到的；它只认识学过的词。
describe-by-llm = 这是语言模型看到的；它可能看错。
describe-ask = 按“再来一次”，我就照这些词画：
