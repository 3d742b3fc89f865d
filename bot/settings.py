"""Every setting, read once from the environment (``ATELIER_…``) and ``.env``, checked at start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from inference.sketchbook import loras_dir

_PREFIX = "ATELIER_"
TERMS_VERSION = "2026-11"


class SettingsError(Exception):
    """A setting is missing, unknown or wrong; ``key`` and ``args_`` name the sentence for it."""

    def __init__(self, key: str, **args: str) -> None:
        super().__init__(f"{key} {args}")
        self.key = key
        self.args_: Mapping[str, str] = args


class Settings(BaseSettings):
    """The operator's choices; each has a default that works on one machine with nothing else."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, env_file=".env", extra="forbid")

    # Where things are kept
    data_dir: Path = Path("data")  # database, blobs and locks of the embedded mode
    database_url: str = ""  # empty: SQLite in data_dir; or postgresql+psycopg://…
    blob_url: str = ""  # empty: files in data_dir; or any fsspec URL

    # What paints
    model: str = "sketchbook"  # or a hub name, or a folder in diffusers format
    device: Literal["auto", "cpu", "cuda"] = "auto"
    lora_folder: Path | None = None  # styles learned apart from the model, see docs/engine.md
    precision: Literal["auto", "float32", "bfloat16"] = "auto"  # auto: bfloat16 on a GPU
    channels_last: bool = True  # on a GPU: convolutions read pixels, not planes
    fused_attention: bool = True  # the fused kernels of scaled-dot-product attention
    compile_model: bool = False  # torch.compile, in the background
    cuda_graphs: bool = False  # on a GPU: the kernels of a call are started all together
    clip_model: str = "sketchbook"  # the CLIP of the concept filter: a folder or "sketchbook"
    upscaler: Path | None = None  # a folder of a model that enlarges pictures; None: Lanczos
    describer: Literal["auto", "llm", "captioner", "clip"] = "auto"  # who looks at pictures
    captioner: Path | None = None  # a folder of a model that says what is in a picture

    # What turns a wish into a brief
    expander: Literal["auto", "offline", "llm", "none"] = "auto"  # auto: llm where a model is set
    llm_base_url: str = "https://api.openai.com/v1"
    llm_model: str = ""
    llm_api_key: SecretStr = SecretStr("")
    llm_timeout_seconds: float = Field(default=20.0, gt=0)

    # Chats
    discord_token: SecretStr = SecretStr("")
    telegram_token: SecretStr = SecretStr("")
    telegram_api_url: str = "https://api.telegram.org"  # or a Bot API server of one's own
    telegram_webhook_url: str = ""  # empty: ask for updates; or the public https:// address
    telegram_webhook_secret: SecretStr = SecretStr("")  # empty: made from the token
    telegram_webhook_host: str = "127.0.0.1"  # where the webhook listens, behind the proxy
    telegram_webhook_port: int = Field(default=8443, ge=0, le=65535)
    language: Literal["en", "zh-CN"] = "en"  # where neither person nor platform tells

    # What a person may ask
    max_wish_characters: int = Field(default=2000, ge=1)
    max_count: int = Field(default=4, ge=1, le=8)
    default_count: int = Field(default=4, ge=1, le=8)
    max_steps: int = Field(default=50, ge=1, le=150)
    max_side: int = Field(default=1024, ge=64, le=2048)
    max_upload_bytes: int = Field(default=10 * 2**20, ge=1)
    max_upload_pixels: int = Field(default=16_000_000, ge=1)
    daily_pictures: int = Field(default=100, ge=0)  # per person and UTC day; 0: no limit
    concurrent_requests: int = Field(default=3, ge=0)  # per person; 0: no limit

    # Moderation
    community_level: Literal["strict", "standard", "relaxed"] = "standard"
    word_lists: Path | None = None  # a folder of the operator's own lists of words
    word_guard: Literal["none", "openai"] = "none"  # openai: its moderation endpoint is asked too
    word_guard_url: str = "https://api.openai.com/v1"
    word_guard_api_key: SecretStr = SecretStr("")  # empty: llm_api_key
    word_guard_timeout_seconds: float = Field(default=5.0, gt=0)
    word_classifiers: Path | None = None  # a list of classifiers of words, see moderating.md
    concepts: Path | None = None  # a list of concepts to look for in pictures; None: the shipped
    picture_classifiers: Path | None = None  # a list of classifiers of pictures, see moderating.md
    hash_lists: Path | None = None  # a folder of lists of known pictures; None: one in data_dir
    picture_text: Literal["none", "rapidocr"] = "none"  # rapidocr: letters in pictures are read
    picture_codes: bool = False  # QR and bar codes in pictures are read
    picture_addresses: Path | None = None  # a list of web addresses no picture may lead to
    child_safety_url: str = ""  # where the operator is told of what was refused for child safety
    child_safety_secret: SecretStr = SecretStr("")  # signs what is sent there
    undo_seconds: float = Field(default=60.0, ge=0)  # a release starts when this is over
    strike_days: int = Field(default=30, ge=1)
    audit_key: SecretStr = SecretStr("")  # seals the audit log; empty: a file in data_dir
    audit_anchor: Path | None = None  # where its newest entries are noted; None: in data_dir

    # The moderators' web page
    desk_url: str = ""  # its public address; empty: none, unless the role desk is named
    desk_host: str = "127.0.0.1"  # where it listens, behind the proxy
    desk_port: int = Field(default=8460, ge=1, le=65535)
    desk_session_hours: float = Field(default=12.0, gt=0)  # a browser is signed in at most so long
    desk_idle_minutes: float = Field(default=60.0, gt=0)  # and so long without doing anything
    desk_discord_client_id: str = ""  # to sign in with Discord, too
    desk_discord_client_secret: SecretStr = SecretStr("")

    # What is drawn with letters
    font_file: Path | None = None  # for Chinese captions; None: found on this machine

    # The service
    poll_seconds: float = Field(default=0.1, gt=0)
    num_renders_at_once: int = Field(default=16, ge=1)  # render stages held by one worker
    log_prompts: bool = False  # prompts stay out of logs unless the operator asks
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "WARNING"

    @field_validator("data_dir", "lora_folder", "audit_anchor", mode="after")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value and value.expanduser().absolute()

    @property
    def styles_folder(self) -> Path | None:
        """Where styles learned apart from the model lie: the operator's, or Sketchbook's own."""
        if self.lora_folder is None and self.model == "sketchbook":
            return loras_dir()
        return self.lora_folder

    @property
    def hash_folder(self) -> Path:
        """Where the lists of known pictures lie."""
        return self.hash_lists or self.data_dir / "lists"

    @field_validator("desk_url", mode="after")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("an address begins with https:// or http://")
        return value.rstrip("/")

    @property
    def desk_address(self) -> str:
        """Where moderators find the desk, wherever it is served."""
        return self.desk_url or f"http://{self.desk_host}:{self.desk_port}"

    @property
    def is_embedded(self) -> bool:
        """True where the database is a SQLite file that one executing process owns."""
        return self.url.startswith("sqlite")

    @property
    def url(self) -> str:
        """The database, as SQLAlchemy names it, with no driver chosen for SQLite."""
        return self.database_url or f"sqlite:///{self.data_dir / 'atelier.sqlite'}"


def read_settings(**overrides: object) -> Settings:
    """Read and check every setting; raises ``SettingsError``, which names the first wrong one."""
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        raise _explained(error) from None
    except (UnicodeDecodeError, OSError):
        raise SettingsError("settings-unreadable", file=str(Path(".env").absolute())) from None
    for name in sorted(os.environ):
        if name.startswith(_PREFIX) and name.removeprefix(_PREFIX).lower() not in _names():
            raise _unknown(name)
    return settings


def _explained(error: ValidationError) -> SettingsError:
    first = error.errors()[0]
    name = "_".join(str(part) for part in first["loc"]).upper()
    name = _PREFIX + name.removeprefix(_PREFIX)
    if first["type"] == "extra_forbidden":
        return _unknown(name)
    expected = first.get("ctx", {}).get("expected")  # the allowed words, where it is a choice
    if expected:
        return SettingsError("settings-choice", name=name, expected=str(expected))
    return SettingsError("settings-wrong", name=name, why=str(first["msg"]))


def _unknown(name: str) -> SettingsError:
    """A name nobody reads is most often a slip of the keyboard."""
    near = get_close_matches(name.removeprefix(_PREFIX).lower(), _names(), n=1)
    if near:
        return SettingsError("settings-unknown-near", name=name, near=_PREFIX + near[0].upper())
    return SettingsError("settings-unknown", name=name)


def _names() -> frozenset[str]:
    return frozenset(Settings.model_fields)
