# 关于 Discord 本身的句子。

discord-token-refused = Discord 不接受 ATELIER_DISCORD_TOKEN；请到 https://discord.com/developers/applications（Bot，Reset Token）重新复制令牌，然后再启动。
discord-intents = Discord 拒绝了这个机器人要监听的内容；它不需要任何特权意图，请检查 ATELIER_DISCORD_TOKEN 是否属于这个机器人，然后再启动。
discord-picture-gone = Discord 已不再提供那张图片，请重新发送。
