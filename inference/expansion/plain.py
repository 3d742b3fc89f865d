"""The expander that adds nothing: the person's words, on one line, are the prompt.

It knows letters only: it tells the language and leaves everything else as it was written.
"""

from __future__ import annotations

from inference.expansion.brief import Brief, Clarity, Wish
from inference.expansion.folding import detect_language, readable


class PlainExpander:
    """Wish → brief, word for word."""

    async def expand(self, wish: Wish) -> Brief:
        """The brief of ``wish``; an answer to an earlier question follows its words."""
        style = f"{wish.style} style" if wish.style else ""
        parts = (" ".join(readable(part).split()) for part in (wish.text, wish.answer or "", style))
        prompt = ", ".join(part for part in parts if part)
        return Brief(
            wish=wish.text, language=detect_language(wish.text, wish.language), prompt=prompt,
            negative_prompt=wish.negative_prompt, style=wish.style, width=wish.width,
            height=wish.height, clarity=Clarity.CONSTRAINTS if prompt else Clarity.NONE,
            expander="none",
        )  # fmt: skip
