# 只有 Telegram 需要说的话

telegram-token-refused = Telegram 不认识 ATELIER_TELEGRAM_TOKEN 里的令牌。请向 @BotFather 获取（/mybots → API Token），设置后重新启动。
telegram-start-me = 我已私下回复您，但 Telegram 只允许我给先写信给我的人发消息。请打开我们的聊天，点“开始”，再说一次。
telegram-start-button = 打开聊天
telegram-which-person = 请回复那个人的一条消息来发送这条命令。
telegram-picture-large = 这张图片超过 { $most } MB，请发一张小一点的。
telegram-picture-gone = Telegram 没有把这张图片交给我，请再发一次。
telegram-webhook-address = ATELIER_TELEGRAM_WEBHOOK_URL 必须以 https:// 开头，Telegram 不会发往别处；请更正，或清空它改为主动获取更新。
telegram-webhook-refused = Telegram 不接受这个 webhook：{ $why }。请更正 ATELIER_TELEGRAM_WEBHOOK_URL 和 ATELIER_TELEGRAM_WEBHOOK_SECRET，或清空它们改为主动获取更新。
telegram-webhook-port = webhook 无法在 { $host }:{ $port } 监听；请把 ATELIER_TELEGRAM_WEBHOOK_HOST 和 ATELIER_TELEGRAM_WEBHOOK_PORT 设为空闲的地址。

doctor-telegram-good = Telegram 认识这个机器人，一切就绪。
doctor-telegram-refused = Telegram 不认识 ATELIER_TELEGRAM_TOKEN 里的令牌；请从 @BotFather 重新复制（/mybots → API Token）。
doctor-telegram-unreachable = { $url } 没有回应；请检查网络或 ATELIER_TELEGRAM_API_URL。
doctor-telegram-address = ATELIER_TELEGRAM_WEBHOOK_URL 是 { $url }，但 Telegram 只发往 https://；请更正或清空。
doctor-telegram-secret = ATELIER_TELEGRAM_WEBHOOK_SECRET 只能用 1 到 256 个字母、数字、_ 和 -；请换一个，或清空。
doctor-telegram-leftover = { $url } 还留着一个 webhook；Atelier 启动时会移除它，那边的程序将不再收到消息。
doctor-telegram-elsewhere = Telegram 现在发往 { $url }，而不是 { $wanted }；启动 Atelier 就会设好自己的地址。
doctor-telegram-failing = Telegram 连不上 webhook：{ $why }。请检查代理、证书和端口。
doctor-telegram-rival = 另一个程序也在获取这个机器人的更新，两边都只能听到一部分；请停掉它，或向 @BotFather 要一个新令牌。
doctor-telegram-privacy = @{ $name } 能读到群里的所有消息；请在 @BotFather 打开隐私模式（/setprivacy），然后把它移出群再加回来。
doctor-telegram-groups = @{ $name } 不能被加进群；需要的话请在 @BotFather 允许（/setjoingroups）。
doctor-telegram-failed = 没能询问 Telegram：{ $why }
