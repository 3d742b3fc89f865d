"""What the engine is asked for and what it answers: frozen, self-checking data, no torch.

A ``RenderJob`` is a brief made numeric. It knows nothing of chats, people or databases and
fits one JSON row, so it can wait in a queue and be rendered on another machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from PIL.Image import Image

MIN_SIDE, MAX_SIDE, SIDE_MULTIPLE = 64, 2048, 8
MAX_COUNT, MAX_STEPS = 8, 150
MAX_PROMPT_CHARACTERS = 20_000  # far beyond any encoder's window, which says what it leaves out
MIN_STRENGTH = 0.01  # less would ask a sampler for hundreds of steps, to take one of them
MAX_GUIDANCE = 30.0
MAX_LORAS, MAX_LORA_STRENGTH = 3, 2.0
SAMPLERS = (
    "euler", "euler-karras", "euler-trailing", "euler-ancestral", "ddim", "ddim-trailing",
    "dpm", "dpm-karras", "lcm",
)  # fmt: skip
MAX_SEED = 2**63 - 1


class JobError(ValueError):
    """A job that cannot be rendered as asked. ``key`` and ``args_`` name a Fluent sentence."""

    def __init__(self, key: str, **args: Any) -> None:
        super().__init__(f"{key} {args}" if args else key)
        self.key = key
        self.args_: Mapping[str, Any] = args


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A picture to start from (img2img, SDEdit, arXiv 2108.01073), or to repaint a part of."""

    sha256: str  # the blob that holds it
    strength: float = 0.6  # 0.01 nearly keeps the picture, 1 ignores it
    mask: str = (
        ""  # the blob of a mask: white is painted anew, black is kept; empty: all is painted
    )

    def __post_init__(self) -> None:
        _within("job-bad-strength", self.strength, MIN_STRENGTH, 1.0)


@dataclass(frozen=True, kw_only=True)
class Lora:
    """A style learned apart from the model, by its name in the operator's folder."""

    name: str
    strength: float = 1.0  # 0 changes nothing; below 0 turns it round

    def __post_init__(self) -> None:
        _within("job-bad-lora-strength", self.strength, -MAX_LORA_STRENGTH, MAX_LORA_STRENGTH)


@dataclass(frozen=True, kw_only=True)
class RenderJob:
    """One render: ``count`` pictures whose seeds are ``seed``, ``seed + 1``, … ."""

    id: str
    prompt: str
    negative_prompt: str = ""
    width: int = 64  # pixels
    height: int = 64  # pixels
    steps: int = 8
    guidance: float = 2.5  # classifier-free guidance scale; 1 or less turns guidance off
    seed: int = 0
    count: int = 1
    model: str = "sketchbook"
    reference: Reference | None = None
    owner: str = ""  # whose turn it costs, an opaque id; empty: this job is its own owner
    loras: tuple[Lora, ...] = ()
    sampler: str = ""  # one of SAMPLERS; empty: the model's own

    def __post_init__(self) -> None:
        check_size(self.width, self.height)
        for words in (self.prompt, self.negative_prompt):
            if len(words) > MAX_PROMPT_CHARACTERS:
                raise JobError("job-bad-prompt", length=len(words), most=MAX_PROMPT_CHARACTERS)
        _within("job-bad-count", self.count, 1, MAX_COUNT, is_whole=True)
        _within("job-bad-steps", self.steps, 1, MAX_STEPS, is_whole=True)
        _within("job-bad-guidance", self.guidance, 0.0, MAX_GUIDANCE)
        _within("job-bad-seed", self.seed, 0, MAX_SEED - MAX_COUNT, is_whole=True)
        _within("job-bad-lora-count", len(self.loras), 0, MAX_LORAS)
        if self.sampler not in ("", *SAMPLERS):
            raise JobError("job-bad-sampler", sampler=self.sampler, known=", ".join(SAMPLERS))

    def to_row(self) -> dict[str, Any]:
        """Plain JSON data; ``from_row`` is its inverse."""
        return asdict(self)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> RenderJob:
        """Raises ``JobError``, also for a row of another version that says more or less."""
        try:
            reference = row.get("reference")
            loras = tuple(Lora(**lora) for lora in row.get("loras", ()))
            read = {"reference": Reference(**reference) if reference else None, "loras": loras}
            return cls(**{**row, **read})
        except (TypeError, AttributeError) as error:
            raise JobError("job-unreadable") from error


def check_size(width: int, height: int) -> None:
    """Raise ``JobError`` unless both sides are multiples of 8 within 64…2048 pixels."""
    for side in (width, height):
        _check_number(side, is_whole=True)
        if not MIN_SIDE <= side <= MAX_SIDE or side % SIDE_MULTIPLE:
            raise JobError(
                "job-bad-size",
                width=width, height=height, least=MIN_SIDE, most=MAX_SIDE, multiple=SIDE_MULTIPLE,
            )  # fmt: skip


def _within(key: str, value: float, least: float, most: float, *, is_whole: bool = False) -> None:
    _check_number(value, is_whole=is_whole)
    if not least <= value <= most:
        raise JobError(key, value=value, least=least, most=most)


def _check_number(value: object, *, is_whole: bool) -> None:
    """A row holds whatever was written into it; True is no number of steps."""
    kinds = int if is_whole else (int, float)
    if not isinstance(value, kinds) or isinstance(value, bool):
        raise JobError("job-unreadable")


@dataclass(frozen=True, kw_only=True)
class Progress:
    """Where a running job is; steps count over the whole job, not over one picture."""

    job: str
    step: int
    steps: int
    seconds_left: float | None = None
    preview_png: bytes | None = None  # the newest small guess of the pictures, if there is one
    ahead: int | None = None  # jobs that begin before this one; None once it has begun


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One rendered picture, in memory, before any label is drawn."""

    index: int
    seed: int
    image: Image  # RGB
    how: Mapping[str, Any] = field(default_factory=dict)  # model, sampler, steps: what made it


class RenderCancelled(Exception):
    """The person withdrew the job while it ran; nothing was kept."""


class RenderFailed(Exception):
    """The model could not make the pictures. ``key`` and ``args_`` name a Fluent sentence."""

    def __init__(self, key: str, **args: Any) -> None:
        super().__init__(f"{key} {args}" if args else key)
        self.key = key
        self.args_: Mapping[str, Any] = args


class RenderStopped(RenderFailed):
    """The engine is being stopped and hands the job back unpainted: render it elsewhere, or later."""

    def __init__(self) -> None:
        super().__init__("render-stopped")


class ProgressListener(Protocol):
    def __call__(self, progress: Progress, /) -> None:
        """Called from the device thread after a step; must return quickly and not raise."""


class Engine(Protocol):
    """What the path of a request needs from an engine. One engine owns one device."""

    async def render(
        self,
        job: RenderJob,
        *,
        reference: Image | None = None,
        mask: Image | None = None,
        on_progress: ProgressListener | None = None,
    ) -> list[Picture]:
        """Render ``job``; raises ``RenderCancelled``, ``RenderFailed``.

        ``reference`` and ``mask``: the pictures that ``job.reference`` names.
        """

    def cancel(self, job_id: str) -> None:
        """Stop that job within a step; unknown ids are ignored."""

    async def close(self) -> None:
        """Finish or drop what runs and free the device."""
