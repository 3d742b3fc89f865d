# 审核部分的句子。类别、阶段和所在的卡片归 bot。

# 管理员为什么这样决定：处理理由
decision-within_rules = 没有违反规则的内容。
decision-false_alarm = 自动检查判断有误。
decision-art_or_education = 这是艺术或教育内容，这里允许。
decision-sexual = 含有这里不允许的色情内容。
decision-child_safety = 危害儿童安全，在任何地方都不允许。
decision-violence = 含有血腥或残忍的内容。
decision-hate = 因身份而贬低他人。
decision-self_harm = 展示或鼓励自我伤害。
decision-illicit = 协助违法行为。
decision-real_person = 以未经本人同意的方式描绘真实人物。
decision-broken = 图片是空的或已损坏。
decision-community_rules = 违反了本社区自己的规定。

# 管理员要做而现在做不到的事
case-error-unknown = 没有这个案件；请查看待处理的案件后重新选择。
case-error-claimed = 其他管理员正在处理这个案件；请换一个，或等对方的时限结束。
case-error-decided = 其他管理员已经对这个案件作出决定；请换一个。
case-error-not-decided = 这个案件还没有决定，没有可以撤销的；请先作出决定。
case-error-too-late = 已经来不及撤销：决定已经生效，但仍可以通过申诉改变。
case-error-closed = 这个案件已经结束，只有申诉才能改变结果。
case-error-said-so = 您已经对这个案件作出决定；要改变请先撤销。
case-error-said = 您已经对这个案件给出意见；需要另一位管理员同意才会生效。
case-error-no-right = 您的角色在这里不能这样做；请联系画室的管理者。
case-error-note = 备注应为 1 到 { $most } 个字符；请写上内容或缩短。
case-error-nothing-shown = 这个请求没有可以撤下的图片。
case-error-no-person = 没有这个人；编号可以从“atelier cases show”里看到。
case-error-not-banned = 没有什么限制着这个人，无需解除。
case-error-not-paused = 那里没有暂停，无需恢复。
case-error-own-request = 这是关于您自己请求的案件，必须由其他人处理。
case-error-own-decision = 这是对你本人所作决定的申诉，必须由其他人处理。
case-error-appeal-decided = 你的申诉已经有了结果，这是最终决定。
case-error-reason = 请从这些理由中选一个：{ $reasons }

# 用户发来的图片有什么问题
upload-empty = 文件是空的，请重新发送图片。
upload-too-many-bytes = 图片文件太大，请发送更小的图片，例如 JPEG 格式。
upload-unknown-kind = 无法识别这种文件，请发送 PNG、JPEG 或 WebP 图片。
upload-too-many-pixels = 图片的像素太多，请缩小后重新发送。
upload-bad-shape = 图片过于细长，请截取重要的部分再发送。
upload-moves = 这是动图，请发送一张静态图片。
upload-damaged = 图片文件已损坏，请重新保存后再发送。

# 检查本身要说的话（规则有自己的句子时）
words-too-long = 文字太长，无法检查；请缩短后重新发送。
words-too-strange = 这些文字里难以辨认的太多，需要管理员查看；您也可以说得更直白些。
picture-black = 图片全黑，多半是生成失败。
picture-flat = 图片只有一种颜色，多半是生成失败。
picture-tiny = 图片太小，无法判断。

# 列表无法使用时运营者看到的话
list-missing = { $path } 处没有词表；请改正路径或去掉这个设置。
list-bad-row = 词表 { $path } 第 { $line } 行不是用制表符分开的类别、轻重、角色和词；请改正。
list-short-term = 词表 { $path } 第 { $line } 行有只含一个字符的词，普通词语里也会出现；请写得更长。
list-bad-community = { $path } 第 { $line } 行应为：社区、严格程度（strict、standard、relaxed 或 -）、gated 或 -，用制表符分开；请改正。
concept-list-missing = { $path } 处没有概念列表；请改正路径或去掉这个设置。
concept-list-bad = 概念列表 { $path } 无法使用（{ $why }）；请改正。
concept-model-missing = { $path } 里没有 CLIP 模型；请把 ATELIER_CLIP_MODEL 设为含有模型的文件夹。
audit-error-no-anchor = { $path } 处没有锚点文件，无法判断审计日志的末尾是否缺失；请放回文件或改正 ATELIER_AUDIT_ANCHOR。
audit-error-no-key = { $path } 处没有审计日志的密钥；请设置 ATELIER_AUDIT_KEY 或放回文件。
audit-error-prose = 审计日志里只能写编号、代码和摘要。
