# 关于 Discord 本身的句子。

discord-token-refused = Discord 不接受 ATELIER_DISCORD_TOKEN；请到 https://discord.com/developers/applications（Bot，Reset Token）重新复制令牌，然后再启动。
discord-intents = Discord 拒绝了这个机器人要监听的内容；它不需要任何特权意图，请检查 ATELIER_DISCORD_TOKEN 是否属于这个机器人，然后再启动。
discord-picture-gone = Discord 已不再提供那张图片，请重新发送。
discord-picture-forgotten = 我已经不记得您指的是哪张图片了；请再对那条消息操作一次。
discord-reference-name = 以此图为参考
discord-reference-label = 您想把它变成什么？
discord-direct-closed = 我的回答只给您一个人看，但您没有开放私信；请改用命令，例如 /画，它的回答只有您能看到。
discord-no-picture = 那条消息里没有图片；请选择一条有图片的消息。

# 体检时发现的问题
doctor-discord-good = Discord 认识这个机器人，没有任何阻碍。
doctor-discord-refused = Discord 不认识 ATELIER_DISCORD_TOKEN 里的令牌；请到 https://discord.com/developers/applications（Bot，Reset Token）重新复制。
doctor-discord-unreachable = https://discord.com 没有回应；请检查网络后再试。
doctor-discord-endpoint = Discord 把命令发到 { $url } 而不是 Atelier；请在应用的 General Information 里清空“Interactions Endpoint URL”。
doctor-discord-grant = 机器人要求代码授权，所以没有人能把它加入服务器；请在 Bot 里关闭“Requires OAuth2 Code Grant”。
doctor-discord-intents = 机器人获准的权限超出了 Atelier 的需要（{ $names }）；请在 Bot 里关闭这些特权意图。
doctor-discord-homeless = 机器人还没有加入任何服务器；请用这个链接添加：{ $url }
doctor-discord-permissions = 在“{ $guild }”里机器人缺少权限：{ $names }。请把它们授予它的角色，否则迟到的结果会发到各人的私信里。
doctor-discord-failed = 无法检查 Discord：{ $why }
