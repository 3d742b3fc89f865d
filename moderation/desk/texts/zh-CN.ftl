# 审核员的网页。

desk-name = Atelier 审核台
desk-language = 中文
desk-skip = 跳到正文
desk-nav = 本社区的页面
desk-close = 关闭
desk-back = 返回审核台
desk-problem = 没有成功
desk-search = 查找
desk-sign-out = 退出
desk-theme-auto = 深浅随设备
desk-theme-light = 浅色
desk-theme-dark = 深色

# 进入
desk-sign-in = 登录
desk-sign-in-chat = 在 Discord 或 Telegram 里向机器人发送这条命令。它会回复一个只给你的链接，只能用一次。
desk-sign-in-terminal = 在服务器本机上，由运营者输入：
desk-sign-in-discord = 用 Discord 登录
desk-enter = 进入
desk-enter-hint = 链接有效。进入之后它就失效了。
desk-error-link = 这个链接已经用过，或者过期了。请用 /desk 再要一个。
desk-error-no-role = 我们认识你，但你还不是任何社区的审核员。管理员可以用 /settings reviewers 添加你。
desk-error-session = 会话已结束，你已被登出。请重新登录，什么都不会丢失。
desk-error-discord = Discord 没有告诉我们你是谁。请再试一次，或用 /desk 给的链接。
desk-error-form = 页面太旧，无法提交，或者表单不是本站的。请返回、刷新后再试。
desk-error-not-here = 这里什么也没有，或者不归你看。可看的都在队列里。
desk-error-unforeseen = 出了意料之外的问题。请再试一次；若仍然如此，把这个编号告诉运营者。
desk-error-address = 审核台无法在 { $host }:{ $port } 上监听；请把 ATELIER_DESK_HOST 和 ATELIER_DESK_PORT 设成本机空闲的地址。

# 社区与队列
desk-places = 社区
desk-private = 私聊
desk-role-auditor = 审计员
desk-role-moderator = 审核员
desk-role-administrator = 管理员
desk-queue = 队列
desk-waiting = { $count ->
    [0] 没有待办。
   *[other] { $count } 个案件在等待。
}
desk-oldest = 最早的：
desk-empty = 没有等你处理的案件，辛苦了。
desk-empty-short = 没有待办
desk-more = 后面还有 { $count } 个。
desk-start = 从最早的开始
desk-filter = 只看
desk-filter-all = 全部
desk-filter-review = 存疑
desk-filter-appeal = 申诉
desk-filter-report = 举报
desk-paused = 已暂停
desk-pause-title = 暂停这个社区
desk-pause-hint = 恢复之前，这里谁都不能要图；已在等待的会保留。
desk-pause = 暂停
desk-resume = 恢复
desk-pause-all-title = 全部暂停
desk-pause-all-hint = 恢复之前，所有社区都不能要图。
desk-pause-all = 全部暂停
desk-resume-all = 全部恢复
desk-age-now = 刚刚
desk-age-minutes = { $count } 分钟
desk-age-hours = { $count } 小时
desk-age-days = { $count } 天
desk-days = { $count } 天
desk-seconds-unit = 秒

# 案件
desk-case-title = 案件 { $case }
desk-case-sub = { $stage } · 案件 { $case }
desk-stage-wish = 在本人的原话里
desk-stage-brief = 在补充的文字里
desk-stage-upload = 在发来的图片里
desk-stage-picture = 在画好的图片里
desk-kind-review = 存疑
desk-kind-appeal = 申诉
desk-kind-report = 举报
desk-kind-takedown = 撤下
desk-second = 复核
desk-held = { $name } 正在看
desk-decided = { $name } 已决定：{ $decision ->
    [approve] 放行
   *[reject] 拒绝
}。现在还能撤销。
desk-closed = { $name } 已决定：{ $decision ->
    [approve] 放行
   *[reject] 拒绝
}。
desk-shown = 案件内容
desk-reveal = 显示
desk-cover = 遮住
desk-picture-alt = 案件的第 { $number } 张图片
desk-sealed = 可能危害儿童的图片从不显示。请根据触发的规则决定；指着文字时会显示文字。
desk-wish = 本人写的话
desk-negative = 本人不想要的
desk-brief = 画的内容（下划线是补充的文字）
desk-why = 为什么在这里
desk-why-none-review = 没有规则留下记录。
desk-why-none-appeal = 本人对一项决定有异议。
desk-why-none-report = 有人举报了它。
desk-why-none-takedown = 审核员撤下了它。
desk-does-allow = 放行
desk-does-review = 待看
desk-does-block = 拒绝
desk-rule = 规则
desk-policy = 规则版本 { $policy }
desk-before = 之前的决定
desk-before-line = { $name }，{ $when }：{ $decision ->
    [approve] 放行
   *[reject] 拒绝
}。
desk-person = 谁提出的
desk-since = 自 { $when }
desk-person-counts = { $requests } 个请求，{ $refused } 个被拒绝，{ $strikes } 次有效违规。
desk-elsewhere = 另有 { $count } 个案件在其他社区。
desk-standing-paused = 暂停中
desk-standing-banned = 已封禁
desk-notes = 审核员备注
desk-note = 给之后查看的人留言
desk-note-add = 添加
desk-similar = 相似的案件
desk-similar-found = 还有 { $count } 张相似的图片
desk-similar-hint = 列表展开时，你的决定同时用于勾选的案件。
desk-similar-alt = 案件 { $case }，已遮住

# 决定
desk-decide = 决定
desk-approve = 放行
desk-reject = 拒绝
desk-next = 下一个
desk-undo = 撤销
desk-suggested = 建议
desk-block = 以后再出现也拒绝这张图片
desk-reason = 理由
desk-reason-within_rules = 符合规则
desk-reason-false_alarm = 误报
desk-reason-art_or_education = 艺术或教学
desk-reason-sexual = 色情内容
desk-reason-child_safety = 儿童安全
desk-reason-violence = 暴力
desk-reason-hate = 仇恨
desk-reason-self_harm = 自残
desk-reason-illicit = 违法
desk-reason-real_person = 真实人物
desk-reason-broken = 图片损坏
desk-reason-community_rules = 本社区的规则
desk-told-approve = { $count ->
    [1] 已放行：案件 { $case }。
   *[other] 已放行 { $count } 个案件。
}
desk-told-reject = { $count ->
    [1] 已拒绝：案件 { $case }。
   *[other] 已拒绝 { $count } 个案件。
}
desk-told-first = 已记下：案件 { $case }。还需要另一个人同意。
desk-told-undone = { $count ->
    [1] 已撤销。案件 { $case } 又归你了。
   *[other] 已撤销 { $count } 个案件，这是其中第一个。
}
desk-told-taken-down = 已撤下：{ $request }。本人可以申诉。

# 按键
desk-keys = 按键
desk-keys-hint = 一个决定只需两个键：“a a”放行，“r r”按建议的理由拒绝，“r 3”按第三个理由拒绝。
desk-key-next = 下一个，这个放回队列
desk-key-reveal = 显示或遮住图片（空格键也行）
desk-key-approve = 放行；再按一次：符合规则
desk-key-reject = 拒绝；再按一次：建议的理由
desk-key-reason = 该编号的理由
desk-key-block = 拒绝时：以后再出现也拒绝这张图片
desk-key-undo = 撤销上一个决定
desk-key-grey = 图片变灰
desk-key-similar = 相似的案件
desk-key-note = 写备注
desk-key-queue = 队列
desk-key-close = 关闭，离开输入框
desk-key-help = 这份列表

# 人
desk-sanctions = 违规与处罚
desk-no-sanctions = 没有。
desk-sanction-strike = 违规
desk-sanction-warning = 警告
desk-sanction-pause = 暂停
desk-sanction-ban = 封禁
desk-until = 到 { $when }
desk-lifted = 已解除
desk-lift = 解除封禁和暂停
desk-ban = 封禁
desk-ban-days = 多久
desk-ban-forever = 直到解除
desk-ban-everywhere = 在所有社区
desk-past-cases = 在这里的案件
desk-no-cases = 没有。
desk-past-approve = 已放行
desk-past-reject = 已拒绝

# 结果
desk-results = 结果
desk-results-hint = 这个社区最近看到的图片。私密结果不在此列，可以被举报。
desk-results-none = 这里还没有交付过图片。
desk-take-down = 撤下
desk-take-down-hint = 它会从所有聊天里移除。本人会看到理由，并且可以申诉。

# 统计
desk-statistics = 统计
desk-statistics-hint = 审核员的决定与规则判断的对照。
desk-no-statistics = 这段时间还没有决定。
desk-figure-decided = 已决定的案件
desk-figure-released = 放行
desk-figure-wait = 等待时间的中位数
desk-figure-appeals = 已决定的申诉
desk-figure-overturned = 申诉成立
desk-plot-rules = 每条规则有多准
desk-plot-rules-hint = 精确率：规则拦下的内容里，被审核员拒绝的比例。召回率：被拒绝的内容里，规则拦下的比例。横线是 95 % 区间，越长说明决定越少。
desk-plot-curve = { $rule }：换一个阈值会怎样
desk-threshold = 阈值
desk-precision = 精确率
desk-recall = 召回率
desk-best = 目前最好的阈值是 { $threshold }（精确率 { $precision }，召回率 { $recall }）。
desk-best-threshold = 最佳阈值
desk-rules-table = 数字
desk-fired = 触发

# 审计日志
desk-audit = 审计
desk-audit-hint = 审核员做过的一切，逐条封存。只能读，不能改。
desk-audit-check = 检查每一条
desk-audit-sound = { $count ->
    [0] 日志是空的。
   *[other] 全部 { $count } 条都完好，顺序正确。
}
desk-audit-broken = 第 { $number } 条被改过、缺失或错位。请告诉运营者。
desk-audit-search = 案件或人的末几位数字，或动作
desk-audit-at = 时间 (UTC)
desk-audit-actor = 谁
desk-audit-action = 做了什么
desk-audit-subject = 关于
desk-audit-facts = 细节
desk-audit-older = 更早的条目

# 在聊天和终端里说的
desk-link = 进入审核台的链接，{ $minutes } 分钟内有效，只能用一次，只给你本人：{ $url }
desk-not-served = 这里没有网页审核台。运营者需要设置 ATELIER_DESK_URL；在此之前，/cases 会列出待办。
desk-served = 审核台在 { $url }；用“atelier desk link”进入。
