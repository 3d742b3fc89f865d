"""QR and bar codes in a picture, read by ZXing-C++ (Apache-2.0; the extra ``codes``).

Importing this does not load it.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np
from PIL.Image import Image


def is_installed() -> bool:
    """True where the extra is there."""
    return find_spec("zxingcpp") is not None


class Codes:
    """Reads what codes say."""

    def read(self, image: Image) -> Sequence[str]:
        """The text of each code; raises ``ImportError`` where the extra is missing."""
        import zxingcpp

        return [code.text for code in zxingcpp.read_barcodes(np.asarray(image)) if code.text]
