# 门口和请求途中要说的话：为什么现在不行，按钮做了什么，为什么没做成。

## 门口

ask-too-long = 这有 { NUMBER($value, useGrouping: 0) } 个字符；请用 { NUMBER($most, useGrouping: 0) } 个以内说完。
ask-too-large = 边长 { NUMBER($value, useGrouping: 0) } 像素超出了这里能画的大小；请不要超过 { NUMBER($most, useGrouping: 0) }。
ask-banned = 你不能再在这里要图了；如果觉得不对，请联系管理员。
ask-paused = 再过 { NUMBER($minutes, useGrouping: 0) } 分钟你就可以继续要图了。
ask-concurrent = 你还有 { $most } 个请求没画完；请等一等，或者撤回一个。
ask-daily = 超出了今天的 { $most } 张：你还剩 { $left } 张，{ $hours } 小时后重新有 { $most } 张。

## 命令

command-unknown = 我不认识命令 { $name }；看看帮助里有什么。
command-unknown-option = 这里没有选项 { $name }，请去掉它。
command-needs-option = 还需要给出 { $name }。
command-bad-option = 这个不能用作 { $name }，请换一种给法。
command-bad-choice = { $name } 只能是：{ $choices }。
command-out-of-range = { $name } 的范围是 { $least } 到 { $most }。
ask-unknown-aspect = 我不认识形状 { $value }。

## 按钮

press-not-an-administrator = 只有管理这里的人可以这样做。

press-unknown = 这个按钮在这里没有作用。
press-gone = 它已经不在了；请重新提出。
press-not-yours = 只有提出请求的人或管理员可以这样做。
press-not-a-moderator = 只有管理员可以这样做。
press-too-late = 来不及了：这个请求已经结束。
press-which-word = 请告诉我把哪个词换成哪个，例如：猫 > 狗
vote-counted = 谢谢，我记下了。
appeal-sent = 会有人来看；结果会发到这里。

## 以往的请求

history-headline = 你最近的请求：
history-empty = 你还没有要过图。
history-surprise = （惊喜）
history-line = { $day }，{ $state ->
    [delivered] 已送达
    [blocked] 被拒绝
    [cancelled] 已撤回
    [failed] 没画成
    [awaiting-answer] 等你回答
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
