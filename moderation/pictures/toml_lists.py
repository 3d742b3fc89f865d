"""What the operator's lists in TOML have in common: how they are read, checked and versioned."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from moderation.errors import ConceptError
from moderation.policy import Decision, Thresholds


class Data(BaseModel):
    """Frozen, and strangers are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(Data):
    """From which score on a human looks, and from which on it is refused."""

    review: float
    block: float

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(review=self.review, block=self.block)


class Rule(Data):
    """Something that is looked for."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    most: Literal["review", "block"] = "block"

    def at_most(self, decision: Decision) -> Decision:
        """The decision, or the strictest one that this rule may lead to."""
        is_milder = decision is Decision.BLOCK and self.most == "review"
        return Decision.REVIEW if is_milder else decision


class RuleList(Data):
    """A file of them."""

    version: str = ""  # changes with the file


Lists = TypeVar("Lists", bound=RuleList)


def read_list(kind: type[Lists], path: Path, name: str) -> Lists:
    """Read ``path``; raises ``ConceptError`` with a key that begins with ``name``."""
    try:
        data = path.read_bytes()
        read = tomllib.loads(data.decode("utf-8"))
        return kind(**{**read, "version": hashlib.sha256(data).hexdigest()[:12]})
    except OSError as error:
        raise ConceptError(f"{name}-missing", path=str(path)) from error
    except ValidationError as error:
        first = error.errors()[0]
        why = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise ConceptError(f"{name}-bad", path=path.name, why=why) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConceptError(f"{name}-bad", path=path.name, why=str(error)) from error
