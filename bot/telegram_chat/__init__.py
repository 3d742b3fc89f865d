"""Telegram as a chat: translates its updates into asks and cards into its messages, no more.

Reading order: ``chat`` (the port), ``inlet`` (updates come in, once each), ``hearing`` (what an
update means), ``asking`` (handed to the core), ``showing`` (the answer), ``pages`` and ``sheets``
(a card as text, buttons and one picture), ``posting`` (how it is sent), ``pacing`` (how fast).
"""
