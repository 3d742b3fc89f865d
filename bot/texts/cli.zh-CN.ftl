# 命令行：它说的话，以及帮助。

## 边界

edge-unexpected = 发生了意料之外的问题；编号 { $trace } 的记录在 { $log }。
edge-stopped = 已停止。
edge-interrupted = 已停止。已提交的愿望不会丢失：正在运行的服务会完成它，否则下次启动时继续。
edge-usage = { $message }；请看“{ $command } --help”。
edge-usage-NoSuchOption = 没有 { $name } 这个选项
edge-usage-MissingParameter = 缺少 { $name }
edge-usage-BadParameter = 无法读懂 { $name } 的值
edge-usage-BadOptionUsage = 选项 { $name } 需要一个值

## 设置

settings-unreadable = 无法读取 { $file } 中的设置；请把它存成 UTF-8 文本，每行写成 名称=值。
settings-unknown = 没有 { $name } 这项设置；请删去它，docs/operating.md 列出了全部设置。
settings-unknown-near = 没有 { $name } 这项设置；您是指 { $near } 吗？
settings-choice = { $name } 只能是 { $expected } 之一；请改正后重新启动。
settings-no-llm = ATELIER_EXPANDER 为 llm，却没有指定模型；请设置 ATELIER_LLM_MODEL。
settings-wrong = { $name } 有误（{ $why }）；请改正后重新启动。

## 用法有误

usage-size = 尺寸写作 宽x高（像素），例如 64x64，而不是“{ $value }”。
usage-number = --{ $option } 需要一个数字，而不是“{ $value }”。
usage-option = 这里没有选项 --{ $option }；请试试 { $options }。
usage-switch = --{ $option } 只能是 on 或 off，不能是“{ $value }”。
usage-only-options = { $command } 后面不写词语，只能写：{ $options }
usage-group = { $group } 里没有“{ $word }”；有：{ $commands }
usage-no-words = { $command } 后面不用写别的，请去掉。
usage-role = 没有“{ $role }”这个角色；可用的有 { $roles }。
usage-roles-together = 使用 SQLite 时由一个进程完成所有工作：请同时写上 chat 和 render，或把 ATELIER_DATABASE_URL 设为 Postgres。
usage-no-file = 无法读取文件 { $path }，请检查文件名。
usage-check-one = 请给出文字，或用 --jsonl 从标准输入逐行读取，或用 --image 文件。

## imagine、expand、check

imagine-decided = 我拿不准（“{ $question }”），于是自己决定了。
imagine-see-cases = 请看“atelier cases list”。
expand-added = 添加：{ $words }
expand-style = 风格：{ $value }
expand-negative = 不要：{ $value }
expand-question = 我会问：{ $question }
check-allow = 允许。
check-review = 需要管理员先看：
check-block = 拒绝：
check-rules = 规则 { $rules }，政策 { $policy }
check-failed-line = 第 { $number } 行无法检查，需要人工查看。
check-bad-line = 第 { $number } 行不是带有“text”的 JSON，需要人工查看。

## cases、votes、db、serve

cases-none = 没有等待决定的案件。
cases-unknown = 没有案件 { $case }；“atelier cases list --all”会列出全部。
cases-standing = { $state ->
    [open] 已等待 { $hours ->
        [0] { $minutes } 分钟
       *[other] { $hours } 小时
    }
   *[other] { $decision ->
        [approve] 已放行
        [reject] 已拒绝
       *[none] 已无需决定
    }
}
cases-prompt = 将要画的是：{ $prompt }
cases-person = 用户 { $person }，共 { $requests } 个请求。
cases-no-request = 没有编号以 { $request } 结尾的请求或案件。
cases-no-person = 没有编号以 { $person } 结尾的用户、请求或案件；“atelier cases show”会显示用户编号。
cases-no-community = 没有社区 { $community }；请写成 discord-1234 这样，或用“atelier cases show --json”里的编号。
cases-no-date = { $date } 不是日期；请写成 2026-11-23 这样。
cases-taken-down = 已撤下；几秒内会从所有显示的地方消失。
cases-banned = 对方不能再要图；等待中的请求会在几秒内取消。
cases-lifted = 对方可以再要图了；已取消的请求不会恢复。
cases-paused = 已暂停：那里不再接受新的请求，之前的请求会等待。
cases-resumed = 已恢复：等待的请求会在几秒内继续。
audit-intact = 审计日志完整：共 { NUMBER($entries, useGrouping: 0) } 条，没有被改动、缺失或错位的。
audit-broken = 审计日志不完整：第 { NUMBER($number, useGrouping: 0) } 条被改动、缺失或错位。请保留数据库和锚点文件的副本，并查明谁能写入。
cases-ambiguous = 有多个案件以 { $case } 结尾，请多给几位。
votes-exporting = 已写出 { $number } 组……
votes-exported = { $folder } 里有同意者对 { $grids } 组图的 { $votes } 次投票。
db-current = 数据库是最新的。
db-old = 数据库不是最新的；请运行“atelier db upgrade”。
serve-started = Atelier 正在服务：{ $roles }。按 Ctrl-C 结束。
serve-stopping = 正在完成手头的工作……
chat-welcome = 告诉我您想看什么；/帮助 会说明其他用法。

## 终端聊天

console-unknown-command = 我不认识 /{ $name }；/帮助 会列出我认识的。
console-no-button = 现在没有这个按钮；请输入方括号里的数字。
console-nothing-hidden = 没有隐藏的图片。
console-which-language = 我会说 { $languages }；例如 /语言 zh
console-language-set = 我会说中文。
console-hidden = 有 { $count } 张图片已隐藏；/看 会显示。
console-finishing = 输入到此为止；还有 { $count } 个请求没做完，我把它们做完再走。
console-help = 直接说您想看什么，或者：
console-help-edit = 用平常的话修改刚才的图片：/改 换成蓝色
console-help-uncover = 显示隐藏的图片
console-help-language = en 或 zh
console-help-help = 这些说明
console-help-quit = 离开
console-help-buttons = 输入方括号里的数字来按按钮，1 到 4 用来投票。按钮也有名字：

## 帮助

help-atelier = 住在聊天里的画室。
help-imagine = 按愿望作画，并把图片放进一个文件夹。
help-expand = 显示愿望会变成怎样的画作说明，并标出添加的词。
help-check = 检查文字或图片。
help-chat = 在这个终端里和画室聊天。
help-serve = 为所有已设置令牌的聊天提供服务。
help-doctor = 说明配置了什么、缺什么、该做什么。
help-demo = 在自己的数据文件夹里，从头到尾进行一次真实的对话。
help-cases = 等待管理员决定的事。
help-desk = 审核员的网页。
help-desk-link = 给出一个登录链接，只能用一次。
help-cases-list = 列出等待中的案件，最早的在前。
help-cases-claim = 告诉别人您正在看。
help-cases-approve = 放行；可撤销的时间过后生效。
help-cases-reject = 拒绝；对方会读到理由。
help-cases-undo = 在还来得及时收回决定。
help-cases-appeals = 列出等待中的申诉，最早的在前。
help-cases-show = 显示管理员能看到的案件全部内容。
help-cases-back = 把案件交还给下一位处理的人。
help-cases-note = 给其他管理员写一条备注。
help-cases-takedown = 撤下已发出的图片，无论在哪里显示。
help-cases-ban = 不让某人再要图；其等待中的请求会取消。
help-cases-lift = 让某人可以再要图。
help-cases-pause = 暂停一个社区，或全部；之前的请求会等待。
help-cases-resume = 结束暂停；等待的请求继续。
help-cases-statements = 输出全部处理理由说明，每行一个 JSON。
help-cases-text = 备注内容
help-cases-request = 请求或相关案件编号的最后几位
help-cases-person = 用户，或其案件、请求编号的最后几位
help-cases-community = 只在这个社区，例如 discord-1234；不写则在所有地方
help-cases-place = 社区，例如 discord-1234；不写则是全部
help-cases-days = 持续的天数；不写则直到解除
help-cases-since = 只从这一天起，例如 2026-11-23
help-audit = 管理员操作的日志。
help-audit-verify = 检查有没有被改动、缺失或错位的条目。
help-cases-block = 以后再出现其中的图片一律拦截
help-cases-all = 也包括已决定的
help-case = 案件编号，或其最后几位
help-reason = 理由，对方可以读到
help-votes = 人们的选择。
help-votes-export = 以 Pick-a-Pic 的列写出同意者的投票。
help-votes-dir = 要写入的文件夹
help-db = 数据库。
help-db-upgrade = 创建或更新本程序需要的表。
help-db-status = 说明数据库是否有本程序的表。
help-json = 只打印一个 JSON 文档
help-wish = 您想看什么；留空则是惊喜
help-count = 几张
help-seed = 第一张的随机数；同样的随机数得到同样的图
help-steps = 步数越多，模糊越少
help-guidance = 贴近文字的程度
help-size = 宽x高（像素）
help-negative = 图中不要出现的内容
help-style = 水墨、水彩……
help-reference = 作为起点的图片
help-strength = 离参考图多远：大于 0（保留）到 1（忽略）
help-out = 放图片和 sheet.png 的文件夹
help-expand-or = 让我补充词语，或只用您的原话
help-check-text = 要检查的文字
help-check-jsonl = 从标准输入读取带 "text" 的 JSON 行，每行写出一个判定
help-check-image = 要检查的图片
help-roles = chat、render、desk 中的任意几个；不写则是 chat 和 render，设了 ATELIER_DESK_URL 时还有 desk

## 演示

demo-left = 上次运行被中断：先完成它的请求“{ $wish }”。
demo-left-done = 被中断的请求已完成：{ $state }。
demo-act-terms = 小梅是新来的，所以先看条款；她按下按钮 1。
demo-act-clear = 她的愿望一直等着，现在自己开始了；它说得很清楚。她选第二张。
demo-act-vague = 一个含糊的愿望，用中文：添加的词标为 [+这样+]。
demo-act-refused = 一个会被拒绝的愿望。
demo-act-doubtful = 一个过滤器看到图片后会起疑的愿望。
demo-act-moderator = Ada 是管理员，她放行了；可撤销的一分钟在这里缩短为 { $seconds } 秒。
demo-held = 过滤器对这张无害的图也起了疑：这是误报，需要管理员看一眼。
demo-not-flagged = 过滤器没有拦下这个请求；结果是：{ $state }。
demo-end = 演示结束。
demo-saw-left = 上次被中断的请求已完成
demo-saw-terms = 画第一张之前接受了条款
demo-saw-clear = 一个清楚的英文愿望变成了图片
demo-saw-vote = 投了一票并已计入
demo-saw-vague = 一个含糊的中文愿望变成了画作说明，并标出了添加的词
demo-saw-refused = 一个愿望被拒绝，并说明了步骤、类别和该怎么做
demo-saw-case = 一张可疑的图片成了案件
demo-saw-release = 管理员的决定放行了它
demo-pictures = 图片在 { $folder }。
demo-sheet = 缩略图总览是 { $file }。
demo-seconds = 用时 { $seconds } 秒。
demo-failed = 有些没有看到，请看标有 ✗ 的各行。

# words test
help-words = 词语规则。
help-words-test = 说明文件每一行会被怎样处理，以及原因。
help-words-file = 文本文件，一行一段；也可以是带 "text" 的 JSON 行
help-words-lists = 用这个文件夹里的词表，代替设置里的
help-words-community = 按哪个社区的词表和严格程度
words-tested = 共 { $lines } 行：拒绝 { $block }，待审 { $review }，放行 { $allow }。
