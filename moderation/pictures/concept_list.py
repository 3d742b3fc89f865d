"""The operator's list of concepts, read from TOML and checked. Knows no model and no picture."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from moderation.errors import ConceptError
from moderation.policy import Category, Level, Thresholds, thresholds

CONCEPTS = Path(__file__).with_name("concepts.toml")

Zoom = Annotated[float, Field(ge=1.0, le=4.0)]
Names = Annotated[tuple[str, ...], Field(min_length=1)]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FromPatches(_Data):
    """How to tell the concept from a read-out of the CLIP's patches, where there is one."""

    label: str
    threshold: float  # log odds at which the score is 0.5
    steepness: float = Field(gt=0)


class Concept(_Data):
    """One thing to look for."""

    id: str = Field(pattern=r"[a-z0-9-]+")
    category: Category
    names: Names
    contrasts: tuple[str, ...] = ()
    threshold: float  # difference of cosines at which the score is 0.5
    steepness: float = Field(gt=0)  # of the score, per unit of that difference
    patches: FromPatches | None = None
    most: Literal["review", "block"] = "block"


class Limits(_Data):
    """From which score on a human looks, and from which on it is refused."""

    review: float
    block: float


class ConceptList(_Data):
    """Every concept, how names become sentences, and limits that differ from the policy's."""

    templates: Names = ("a picture of {}",)
    contrasts: Names
    zooms: Annotated[tuple[Zoom, ...], Field(min_length=1)] = (1.0,)  # how closely to look
    concept: tuple[Concept, ...]
    levels: Mapping[Level, Mapping[Category, Limits]] = Field(default_factory=dict)
    version: str = ""  # changes with the file

    def sentences(self, names: tuple[str, ...]) -> list[str]:
        """Every name in every template."""
        return [template.format(name) for name in names for template in self.templates]

    def thresholds(self, category: Category, level: Level, *, is_age_gated: bool) -> Thresholds:
        """The file's limits for that level and category, else the policy's."""
        own = self.levels.get(level, {}).get(category)
        if own is not None:
            return Thresholds(review=own.review, block=own.block)
        return thresholds(category, level, is_age_gated=is_age_gated)


def load_concepts(path: Path | None = None) -> ConceptList:
    """Read ``path``, or the shipped list; raises ``ConceptError``."""
    path = path or CONCEPTS
    try:
        data = path.read_bytes()
        read = tomllib.loads(data.decode("utf-8"))
        return ConceptList(**{**read, "version": hashlib.sha256(data).hexdigest()[:12]})
    except FileNotFoundError as error:
        raise ConceptError("concept-list-missing", path=str(path)) from error
    except ValidationError as error:
        first = error.errors()[0]
        why = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        raise ConceptError("concept-list-bad", path=path.name, why=why) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConceptError("concept-list-bad", path=path.name, why=str(error)) from error
