"""Discord as a chat platform, behind ``bot.chat``: it only translates.

``chat.py`` is the port; ``incoming.py`` makes calls of what people do and ``answering.py``
acknowledges them in time; ``outgoing.py`` posts, edits and removes; ``showing.py`` writes a card as
a message; ``registration.py`` registers the table of commands.
"""
