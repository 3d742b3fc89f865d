# 人们在聊天里读到的话：每句清楚，并说明下一步。

-brand = Atelier

## 图组

private-closed = 您的私密结果好了，但我无法给您发私信；请按按钮，或使用“重现”命令。
alt-style = 一座红色的房子，{ $style }风格
styles-headline = 这里提供这些风格，也可以用别的说法：
gallery-shared = 分享：“{ $wish }”
gallery-empty = 这里还没有人分享图片；点结果下面的“更多”就可以分享。
gallery-line = { $number }. { $wish }
gallery-headline = 这里最近分享的图片：
share-known = 它已经在画廊里了。
share-done = 已放进画廊，谢谢分享。
deleted = 已删除。
delete-sure = 要彻底删除这个结果、它的图片和消息吗？
more-headline = 还可以这样处理：
details-style = 风格：{ $style }
details-negative = 不要：{ $words }
details-numbers = { $steps } 步，贴合度 { $guidance }，{ $width } × { $height } 像素，模型 { $model }。
details-seeds = { $count ->
    [1] 种子：{ $seeds }
   *[other] 种子（按显示顺序）：{ $seeds }
}
original-line = 原图：{ $width } × { $height } 像素。
larger-line = 放大：{ $width } × { $height } 像素。
grid-label = 由机器绘制（AI 生成）。
grid-headline = { $count ->
    [1] 您的画好了。
   *[other] 您的 { $count } 张画好了。最喜欢哪一张？
}
grid-wish = 您想要：“{ $wish }”
grid-brief = 我画的是：
grid-brief-added = 我画的是（标出的词是我加的）：
grid-released = 管理员看过，已放行。
grid-surprise = 您没有说想要什么，所以这是一份惊喜。
alt-picture = { $count ->
    [1] 图片：{ $prompt }
   *[other] 第 { $number } 张，共 { $count } 张：{ $prompt }
}
alt-case = 第 { $number } 张，共 { $count } 张，管理员揭开前不显示
alt-preview = 尚未画完的图片：{ $prompt }
alt-no-prompt = 由模型自由发挥

## 按钮

form-edit-placeholder = 改成夜晚
form-edit-label = 要改成什么样？
form-edit-title = 用文字修改
form-word-placeholder = 猫 > 狗
form-word-label = 把哪个词换成哪个？
form-word-title = 换一个词
menu-cancel = 撤回…
menu-show = 再看一次…
menu-refuse = 拒绝，因为…
menu-report = 举报…
menu-share = 分享到画廊…
menu-original = 原图文件…
menu-vary = 变化…
menu-larger = 放大…
button-show = 显示
button-forget = 是的，忘记我的投票
button-erase = 是的，全部删除
button-delete = 删除
button-edit = 用文字修改
button-details = 种子和步数
button-more = 更多…
button-share-only = 这一张
button-share = 第 { $number } 张
button-original-only = 这一张
button-original = 第 { $number } 张
button-vary-subtle-only = 少变一点
button-vary-subtle = { $number }，少变一点
button-larger-only = 这一张
button-larger = 第 { $number } 张
button-accept-terms = 我同意
button-pick = { $number }
button-pick-only = 我喜欢
button-vary = { $number }，多变一些
button-vary-only = 多变一些
button-tie = 不分上下
button-all-bad = 都不好
button-again = 再来一次
button-own-words = 只用我的原话
button-change-word = 换一个词
button-cancel = 取消
button-appeal = 请人工查看
button-decide-for-me = 你来定
button-claim = 我来看
button-hand-back = 交还
button-approve = 放行
button-reject = 拒绝
button-undo = 撤销

## 条款

terms-known = 您已同意版本 { $version }。
terms-thanks = 谢谢，我这就开始。
terms-title = 画第一张之前
terms-title-changed = 您同意之后，条款有了变化
terms-title-known = 使用条款
terms-text = 我在本社区自己的机器上按您的愿望作画。文字和图片都会经过检查；拿不准的，由管理员查看。您的请求会保存下来以便送达，您可以要求删除。请不要索要违法内容、涉及未成年人的性内容，或会伤害真实人物的内容。图片由机器生成，并会注明。
terms-question = 您同意吗（版本 { $version }）？
terms-accepted = 谢谢。告诉我您想看什么吧。
terms-needed = 请先同意条款，按钮就在上面。

## 提问与进度

question-free = 您也可以用自己的话回答。
progress-next = 下一个就是您。
progress-position = 您前面还有 { $position } 个请求。
progress-preparing = 我正在琢磨您的愿望。
progress-begun = 这就开始画。
progress-step = 正在画：完成了 { $percent }%。
progress-presenting = 画好了，这就送来。
progress-seconds = 大约还需 { $seconds } 秒。
progress-minutes = 大约还需 { $minutes } 分钟。
cancelled = 已撤回，不占用您的额度。

## 审核、拒绝、失败

review-notice = 继续之前，管理员会先看一下：{ $stage }，{ $category }。
review-wait = 您不用做什么，结果会发到这里。
blocked-headline = 我停在了{ $stage }这一步：{ $category }。
blocked-moderator = 管理员决定不放行：{ $reason }
blocked-no-quota = 这次不占用您的额度。
blocked-no-strike = 问题出在我加的词上，不在您；不会记在您名下。
blocked-strike = 这算一次警告，{ $days } 天后失效。
blocked-final = 有人重新看过了：这个决定不变。
blocked-sanction = { $kind ->
    [warning] 请注意：再有几次，您会有一段时间不能要图。
    [pause] 您有 { $days ->
        [1] 一天
       *[other] { $days } 天
    }不能要图。
   *[ban] 您不能再在这里要图了。
}
blocked-appeal = 如果您觉得不对，可以请人工查看。
blocked-do-wish = 请换个说法再试。
blocked-do-brief = 请只用您的原话再试一次。
blocked-do-upload = 请换一张图片，或只用文字描述。
blocked-do-picture = 请再试一次，换一次结果可能不同。
failed-trace = 如果再次出现，请把这个编号告诉管理者：{ $trace }。
failed-generic = 我这边出了点问题，请稍后再试。

stage-wish = 您的文字
stage-brief = 我补充的文字
stage-upload = 您的图片
stage-picture = 画好的图片

category-child_safety = 儿童安全
category-sexual = 性内容
category-violence = 暴力
category-hate = 仇恨
category-self_harm = 自我伤害
category-illicit = 违法内容
category-real_person = 真实人物
category-broken = 无法读取的图片
category-unchecked = 检查未能完成

reason-child_safety = 我绝不制作涉及未成年人的性内容。
reason-sexual = 我在这里不画色情内容。
reason-violence = 我不画血腥或残忍的内容。
reason-hate = 我不画因身份而贬低他人的内容。
reason-self_harm = 我不画自我伤害的内容。如果您正想伤害自己，请和信任的人谈谈，或拨打当地的援助热线；您很重要。
reason-illicit = 我不协助毒品、武器或诈骗。
reason-real_person = 未经本人同意，我不画真实人物。
reason-broken = 这张图片是空的、损坏的，或我无法读取。
reason-unchecked = 有一项检查没有完成，我不想冒险继续。

# 被拒之后可以改要的：每一句都能通过检查
blocked-instead = 比如这样说就可以：“{ $wish }”
safe-wish-child_safety = 一家人在阳光下的草地上野餐
safe-wish-sexual = 穿着优雅大衣的人物肖像，傍晚的柔光
safe-wish-violence = 暴风雨后站在山丘上的骑士，壮丽的云
safe-wish-hate = 朋友们围坐的长桌，面包、水果和鲜花
safe-wish-self_harm = 日出时宁静的湖面，一只小船
safe-wish-illicit = 夜晚挂着灯笼的热闹集市
safe-wish-real_person = 一位虚构的旅人，油画

## 案件（给管理员）

case-headline = { $kind ->
    [appeal] 申诉 { $case }：{ $stage }，{ $category }
    [report] 举报 { $case }：{ $stage }，{ $category }
    [takedown] 已撤下 { $case }：{ $stage }，{ $category }
   *[review] 案件 { $case }：{ $stage }，{ $category }
}
case-wish = 对方想要：“{ $wish }”
case-brief = 将要画的是：
case-rule = 规则 { $rule }：{ $decision }，得分 { $score }{ $matched ->
    [none] {""}
   *[other] ，原因是“{ $matched }”
}
case-age = { $hours ->
    [0] 已等待 { $minutes } 分钟。
   *[other] 已等待 { $hours } 小时。
}
case-person = 同一个人此前：{ $cases } 个案件，{ $strikes ->
    [0] 没有仍然有效的警告
   *[other] { $strikes } 次仍然有效的警告
}。
case-note = 备注：{ $text }
case-eyes = 需要 { $number } 位管理员意见一致才会生效。
case-second = 已经有人给出意见，还需要另一位管理员。
case-open = 还没有人在看。
case-claimed = { $name } 正在看。
case-decided = { $name } 的决定：{ $decision ->
    [approve] 放行
   *[reject] 拒绝
}。
case-undo = { $seconds ->
    [0] 立即生效。
   *[other] { $seconds } 秒后生效，在此之前可以撤销。
}
case-closed = 已结案。
