# What only Telegram needs to say

telegram-token-refused = Telegram does not know the token in ATELIER_TELEGRAM_TOKEN. Ask @BotFather for it (/mybots, API Token), set it and start again.
telegram-start-me = I answered you privately, but Telegram lets me write to you only after you wrote to me. Open our chat, press Start, and ask again.
telegram-start-button = Open our chat
telegram-which-person = Send this as a reply to a message of the person you mean.
telegram-picture-large = That picture is larger than { $most } MB. Send a smaller one.
telegram-picture-gone = Telegram did not give me that picture. Send it again.
telegram-webhook-address = ATELIER_TELEGRAM_WEBHOOK_URL must begin with https://, for Telegram posts nowhere else; correct it, or empty it to ask for updates instead.
telegram-webhook-refused = Telegram does not take the webhook: { $why }. Correct ATELIER_TELEGRAM_WEBHOOK_URL and ATELIER_TELEGRAM_WEBHOOK_SECRET, or empty them to ask for updates instead.
telegram-webhook-port = The webhook cannot listen on { $host }:{ $port }; set ATELIER_TELEGRAM_WEBHOOK_HOST and ATELIER_TELEGRAM_WEBHOOK_PORT to what is free here.

doctor-telegram-good = Telegram knows the bot, and nothing is in its way.
doctor-telegram-refused = Telegram does not know the token in ATELIER_TELEGRAM_TOKEN; copy it again from @BotFather (/mybots, API Token).
doctor-telegram-unreachable = { $url } does not answer; look at the network, or at ATELIER_TELEGRAM_API_URL.
doctor-telegram-address = ATELIER_TELEGRAM_WEBHOOK_URL is { $url }, but Telegram posts only to https://; correct or empty it.
doctor-telegram-secret = ATELIER_TELEGRAM_WEBHOOK_SECRET may hold 1 to 256 letters, digits, _ and - only; choose another, or empty it.
doctor-telegram-leftover = A webhook was left over at { $url }; Atelier removes it when it starts, and whatever listens there hears nothing any more.
doctor-telegram-elsewhere = Telegram posts to { $url }, not to { $wanted }; start Atelier, which sets its own.
doctor-telegram-failing = Telegram cannot reach the webhook: { $why }. Look at the proxy, its certificate and the port.
doctor-telegram-rival = Another program asks for this bot's updates, so each hears only a part; stop it, or ask @BotFather for a new token.
doctor-telegram-privacy = @{ $name } reads everything said in its groups; turn privacy on at @BotFather (/setprivacy), then remove it from the groups and add it again.
doctor-telegram-groups = @{ $name } cannot be added to groups; allow it at @BotFather (/setjoingroups), if you want it there.
doctor-telegram-failed = Telegram could not be asked: { $why }
