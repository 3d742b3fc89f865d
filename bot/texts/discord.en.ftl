# Sentences about Discord itself.

discord-token-refused = Discord does not accept ATELIER_DISCORD_TOKEN; copy the token anew from https://discord.com/developers/applications (Bot, Reset Token) and start again.
discord-intents = Discord refuses what this bot wants to listen to; it needs no privileged intent, so check that ATELIER_DISCORD_TOKEN belongs to this bot and start again.
discord-picture-gone = Discord no longer gives me that picture; send it again.
