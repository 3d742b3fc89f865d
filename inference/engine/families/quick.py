"""Quicker calls of a network: compiled blocks and CUDA graphs, while eager calls serve meanwhile.

It pads calls to a few row counts, so that few shapes are prepared, and knows no family but its
``predict``. Whatever cannot be prepared is told once and stays eager.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from copy import copy, deepcopy
from itertools import chain
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from torch import Tensor

    from inference.engine.families.family import Family, Told
    from inference.engine.tuning import Tuning

_log = logging.getLogger(__name__)
_ROWS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)  # a call is padded by a third at most
_NOT_REPEATED = (
    "ResnetBlock2D",
)  # compiled beside what diffusers calls a network's repeated blocks
_MAX_SHAPES = 64  # that are prepared, each for good; the compiler gives up at 8 by itself

Inputs = dict[str, "Tensor"]  # x, times and what is told, one name each
Shape = tuple[tuple[str, tuple[int, ...]], ...]


def spare_of(network: Any) -> Any:
    """The same weights behind modules of their own, which may be compiled apart."""
    shared = chain(network.parameters(), network.buffers())
    return deepcopy(network, {id(tensor): tensor for tensor in shared})


class Quick:
    """A family's ``predict``, prepared shape by shape. Only the device thread calls it."""

    def __init__(
        self, family: Family, tuning: Tuning, backend: str | Callable[..., Any] = "inductor"
    ) -> None:
        """``family.spare`` is compiled in place; ``backend``: the compiler's."""
        self._family = family
        self._spare = copy(family)
        self._spare.network = family.spare
        self._has_graphs = tuning.has_graphs and family.device != "cpu"
        self._ready: dict[Shape, Callable[[Inputs], Tensor]] = {}
        self._asked: set[Shape] = set()
        self._pool = torch.cuda.graph_pool_handle() if self._has_graphs else None
        allow = _allow_shapes if tuning.is_compiled else None
        self._worker = ThreadPoolExecutor(1, "atelier-compiler", initializer=allow)
        if tuning.is_compiled:
            _compile_blocks(family.spare, backend)

    def __call__(self, x: Tensor, times: Tensor, told: Told) -> Tensor:
        """As ``Family.predict``."""
        inputs = _padded({"x": x, "times": times, **told})
        shape = tuple((name, tuple(tensor.shape)) for name, tensor in inputs.items())
        if shape in self._ready:
            return self._ready[shape](inputs)[: len(x)]
        if shape not in self._asked and len(self._asked) < _MAX_SHAPES:
            self._asked.add(shape)
            self._worker.submit(self._prepare, shape, inputs)
        return self._family.predict(x, times, told)

    def settle(self) -> None:
        """Wait until everything asked for so far is prepared, or has failed to be."""
        self._worker.submit(int).result()

    def close(self) -> None:
        """Wait for what is being compiled; nothing new is."""
        self._worker.shutdown(cancel_futures=True)

    @torch.inference_mode()
    def _prepare(self, shape: Shape, inputs: Inputs) -> None:
        """In the background: compile for this shape by calling once, then record."""
        try:
            self._predict(inputs)
            call: Callable[[Inputs], Tensor] = self._predict
            if self._pool is not None:
                call = _Graph(self._predict, inputs, self._pool)
        except Exception as error:  # noqa: BLE001 - the edge: whatever a compiler throws, eager serves
            _log.warning(
                "%s while calls were being prepared; they stay eager", type(error).__name__
            )
            return
        self._ready[shape] = call

    def _predict(self, inputs: Inputs) -> Tensor:
        told = {name: tensor for name, tensor in inputs.items() if name not in ("x", "times")}
        return self._spare.predict(inputs["x"], inputs["times"], told)


class _Graph:
    """One shape's kernels, recorded once and started all together (CUDA graphs).

    All graphs compute in the same memory, or ten row counts of large pictures would not fit: they
    are replayed one after the other, and an output is used up before the next replay.
    """

    def __init__(self, predict: Callable[[Inputs], Tensor], inputs: Inputs, pool: Any) -> None:
        """``pool``: the memory, from ``torch.cuda.graph_pool_handle``."""
        self._inputs = {name: tensor.clone() for name, tensor in inputs.items()}
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(3):  # libraries choose their kernels before they are recorded
                predict(self._inputs)
        torch.cuda.current_stream().wait_stream(aside)
        self._graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(
            self._graph, pool=pool, stream=aside, capture_error_mode="thread_local"
        ):
            self._output = predict(self._inputs)

    def __call__(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """The output lies in the graph's memory until the next call."""
        for name, tensor in inputs.items():
            self._inputs[name].copy_(tensor)
        self._graph.replay()
        return self._output


def _allow_shapes() -> None:
    """Of the thread that compiles, the only one for which the compiler's settings then count."""
    import torch._dynamo as dynamo

    dynamo.config.recompile_limit = max(dynamo.config.recompile_limit, _MAX_SHAPES)


def _compile_blocks(network: Any, backend: str | Callable[..., Any]) -> None:
    """Compile what a network repeats, once for all its copies (regional compilation)."""
    repeated = {*(getattr(network, "_repeated_blocks", None) or ()), *_NOT_REPEATED}
    for module in network.modules():
        if type(module).__name__ in repeated:
            module.compile(backend=backend)


def _padded(inputs: Inputs) -> Inputs:
    """The last row repeated up to the next row count that is prepared."""
    rows = len(inputs["x"])
    whole = next((count for count in _ROWS if count >= rows), rows)
    if whole == rows:
        return inputs
    return {
        name: torch.cat([tensor, tensor[-1:].expand(whole - rows, *tensor.shape[1:])])
        for name, tensor in inputs.items()
    }
