# Sentences about Discord itself.

discord-token-refused = Discord does not accept ATELIER_DISCORD_TOKEN; copy the token anew from https://discord.com/developers/applications (Bot, Reset Token) and start again.
discord-intents = Discord refuses what this bot wants to listen to; it needs no privileged intent, so check that ATELIER_DISCORD_TOKEN belongs to this bot and start again.
discord-picture-gone = Discord no longer gives me that picture; send it again.
discord-picture-forgotten = I no longer know which picture you meant; point at its message once more.
discord-reference-name = Use as reference
discord-reference-label = What shall become of it?
discord-direct-closed = My answer is for you alone, and you take no direct messages from me; use a command such as /imagine: what it answers only you see.
discord-no-picture = There is no picture in that message; choose one that has one.

# What the doctor finds
doctor-discord-good = Discord knows the bot, and nothing is in its way.
doctor-discord-refused = Discord does not know the token in ATELIER_DISCORD_TOKEN; copy it anew from https://discord.com/developers/applications (Bot, Reset Token).
doctor-discord-unreachable = https://discord.com does not answer; look at the network and try again.
doctor-discord-endpoint = Discord posts commands to { $url } and not to Atelier; empty “Interactions Endpoint URL” under General Information of the application.
doctor-discord-grant = The bot asks for a code grant, so nobody can add it to a server; switch off “Requires OAuth2 Code Grant” under Bot.
doctor-discord-intents = The bot is allowed more than Atelier asks for ({ $names }); switch these privileged intents off under Bot.
doctor-discord-homeless = The bot is in no server yet; add it with { $url }
doctor-discord-permissions = On “{ $guild }” the bot lacks: { $names }. Give them to its role, or late results go to people's direct messages.
doctor-discord-failed = Discord could not be looked at: { $why }
