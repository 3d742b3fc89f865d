"""What an update means: who did what, where, with which words and pictures. Pure.

Of what is said in groups only what is meant for the bot is heard: commands, replies to it, and
words that name it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from telegram import CallbackQuery, Chat, Message, MessageEntity, Update, User

from bot.chat import Action, Event, Place, Speaker, read_token

from .addresses import Address, Carried, carried_by, message_id

PLATFORM = "telegram"
SLASHES = ("/", "／")


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture in a message, still with Telegram."""

    file_id: str
    num_bytes: int
    media_type: str


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What somebody did. A press has a ``token``; so has the answer to a question a press asked,
    with its words in ``text``."""

    event: Event
    text: str = ""
    pictures: tuple[Picture, ...] = ()
    token: tuple[Action, str] | None = None
    query_id: str = ""  # of a press, which waits for its answer
    here: Address  # the chat it happened in; the event may count elsewhere
    mentioned: tuple[Speaker, ...] = ()

    @property
    def is_command(self) -> bool:
        return self.token is None and self.text.startswith(SLASHES)

    @property
    def address(self) -> Address:
        return Address.of(self.event.address)


def hear(update: Update, me: User) -> Heard | None:
    """What the update means; None where it is not for us."""
    if update.callback_query is not None:
        return _pressed(update.callback_query)
    message = update.message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    return _said(message, message.from_user, me)


def _pressed(query: CallbackQuery) -> Heard | None:
    """A press is made on a message; one from elsewhere has none of ours."""
    token = read_token(query.data or "")
    message = query.message
    if token is None or message is None:
        return None
    thread = message.message_thread_id if isinstance(message, Message) else None
    address = Address(
        chat_id=message.chat.id,
        user_id=query.from_user.id,
        thread_id=thread,
        message_id=message.message_id,
    )
    event = Event(
        id=f"press:{query.id}",
        speaker=_speaker(query.from_user),
        place=_place(message.chat),
        address=address.row(),
        message_id=message_id(message.chat.id, message.message_id),
        is_administrator=message.chat.type == Chat.PRIVATE,
    )
    heard = Heard(event=event, token=token, query_id=query.id, here=address)
    return _at_home(heard, carried_by(message)) if isinstance(message, Message) else heard


def _at_home(heard: Heard, carried: Carried) -> Heard:
    """What is done with a message counts where the message belongs."""
    if carried.home is None:
        return heard
    home = replace(carried.home, user_id=heard.here.user_id)
    event = replace(
        heard.event,
        place=Place(platform=PLATFORM, external_id=str(home.chat_id)),
        address=home.row(),
        is_administrator=False,  # asked for where it matters
    )
    return replace(heard, event=event)


def _said(message: Message, user: User, me: User) -> Heard | None:
    words = (message.text or message.caption or "").strip()
    answered = message.reply_to_message
    author = answered.from_user if answered is not None else None
    is_to_me = author is not None and author.id == me.id
    if message.chat.type != Chat.PRIVATE:
        found = _meant_for_me(words, is_to_me, me)
        if found is None:
            return None
        words = found
    pictures = _pictures(message) or (_pictures(answered) if answered and not is_to_me else ())
    if not words and not pictures:
        return None
    event = _event(message, user, answered)
    heard = Heard(
        event=event,
        here=Address.of(event.address),
        text=words,
        pictures=pictures,
        mentioned=_mentioned(message, answered if not is_to_me else None),
    )
    if answered is None or not is_to_me or heard.is_command:
        return heard
    carried = carried_by(answered)
    return replace(_at_home(heard, carried), token=read_token(carried.token))


def _event(message: Message, user: User, answered: Message | None) -> Event:
    address = Address(
        chat_id=message.chat.id,
        user_id=user.id,
        thread_id=message.message_thread_id if message.is_topic_message else None,
        message_id=message.message_id,
    )
    return Event(
        id=message_id(message.chat.id, message.message_id),
        speaker=_speaker(user),
        place=_place(message.chat),
        address=address.row(),
        message_id=message_id(message.chat.id, answered.message_id) if answered else None,
        is_administrator=message.chat.type == Chat.PRIVATE,
    )


def _meant_for_me(words: str, is_to_me: bool, me: User) -> str | None:
    """What was said to the bot in a group; None where it was not to it."""
    name = f"@{me.username}".lower()
    if words.startswith(SLASHES):
        first = words.split(None, 1)[0].lower()
        return words if "@" not in first or first.endswith(name) else None
    if is_to_me:
        return words
    if name in words.lower():
        place = words.lower().index(name)
        return (words[:place] + words[place + len(name) :]).strip()
    return None


def _speaker(user: User) -> Speaker:
    return Speaker(
        platform=PLATFORM,
        external_id=str(user.id),
        name=user.full_name,
        locale=user.language_code,
    )


def _place(chat: Chat) -> Place:
    return Place(
        platform=PLATFORM,
        external_id=str(chat.id),
        name=chat.effective_name or "",
        is_private=chat.type == Chat.PRIVATE,
    )


def _pictures(message: Message) -> tuple[Picture, ...]:
    """The picture of a message, in its largest size or as the file it was sent as."""
    if message.photo:
        largest = message.photo[-1]
        size = largest.file_size or 0
        return (Picture(file_id=largest.file_id, num_bytes=size, media_type="image/jpeg"),)
    file = message.document
    if file is not None and (file.mime_type or "").startswith("image/"):
        kind = file.mime_type or ""
        size = file.file_size or 0
        return (Picture(file_id=file.file_id, num_bytes=size, media_type=kind),)
    return ()


def _mentioned(message: Message, answered: Message | None) -> tuple[Speaker, ...]:
    """People named by a link (a name without one tells no id), else the one replied to."""
    entities = (*message.entities, *message.caption_entities)
    named = [each.user for each in entities if each.type == MessageEntity.TEXT_MENTION]
    if answered is not None and answered.from_user is not None:
        named.append(answered.from_user)
    return tuple(_speaker(user) for user in named if user is not None)
