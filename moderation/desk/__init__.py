"""The moderators' web page: signed in by a link from a chat, a queue for each community, cases to
decide by keyboard, and what was decided so far.

Knows the store and the humans' side of moderation. What it needs from above it (a picture's bytes,
sentences, the settings) is handed in as a ``House`` (``house.py``).
"""
