"""A network as a list of operations with their weights, from torch.export: what another program needs to compute it.

What does not depend on the image, such as the kernel that UpsampleConv2d makes of its weight, is computed here and
becomes a weight. Operations that the page does not know (see pages/templates/playground/operations.js) are refused.
"""

import logging
import operator
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn
from torch.export.graph_signature import InputKind

from aestudy.base.errors import UserError
from aestudy.network.autoencoder import Network

log = logging.getLogger(__name__)

INPUTS = ("images", "level")
"""What networks are given: images (1, c, h, w), and the strength of the noise as a standard deviation (1,)."""
PIECES = ("aten.chunk.default", "aten.split.Tensor", "aten.split_with_sizes.default", "aten.unbind.int")
"""Operations with several results, of which each is a slice of the tensor."""


@dataclass(frozen=True)
class Operation:
    """One operation; tensors name earlier values by their numbers, options are what else torch's schema lists."""

    target: Any
    tensors: dict[str, Any]
    options: dict[str, Any]
    shape: tuple[int, ...]

    @property
    def name(self) -> str:
        """As torch.export writes it, for example aten.conv2d.default."""
        return str(self.target)


@dataclass
class Program:
    """Values in the order in which they are computed: a name of INPUTS, a constant tensor or an operation.

    The last one is the restored image.
    """

    values: list[str | torch.Tensor | Operation] = field(default_factory=list)

    @torch.inference_mode()
    def run(self, images: torch.Tensor, level: torch.Tensor | None = None) -> torch.Tensor:
        """What the program makes of one image (1, c, h, w): torch's own operations, as the page runs its own."""
        results: list[torch.Tensor] = []
        given = {"images": images, "level": level}
        for value in self.values:
            if isinstance(value, Operation):
                tensors = {name: _each(numbers, results.__getitem__) for name, numbers in value.tensors.items()}
                value = value.target(**tensors, **value.options)
            results.append(given[value] if isinstance(value, str) else value)
        return results[-1]


class _Restoring(nn.Module):
    """A network whose only result is the restored image."""

    def __init__(self, network: Network):
        super().__init__()
        self.network = network

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        return self.network.image(self.network(*inputs)[0])


def trace(network: Network, shape: tuple[int, int, int], known: Collection[str]) -> Program:
    """The program of a trained network for images of `shape` (channels, height, width).

    known: names of operations that may be in it. Raises UserError, naming them, if there are others, and for a network
    that torch.export cannot follow.
    """
    inputs = (torch.zeros(1, *shape), torch.zeros(1))[: 2 if network.takes_level else 1]
    try:
        with torch.inference_mode(False), torch.no_grad():
            exported = torch.export.export(_Restoring(network).eval(), inputs)
    except Exception as error:  # of many kinds, where what a network does depends on the numbers in an image
        log.info("torch.export gave up", exc_info=True)
        raise UserError(f"torch cannot write it down as a list of operations ({type(error).__name__})") from None
    program = _Tracing(exported).program()
    unknown = {value.name for value in program.values if isinstance(value, Operation)} - set(known)
    if unknown:
        raise _unknown(*sorted(unknown))
    return program


class _Tracing:
    """Follows the nodes of an exported program: each is known before there is an image, or a value of the program."""

    def __init__(self, exported: torch.export.ExportedProgram):
        self.exported = exported
        self.known: dict[torch.fx.Node, Any] = {}
        self.numbers: dict[torch.fx.Node, int] = {}
        self.values: list[str | torch.Tensor | Operation] = []

    def program(self) -> Program:
        names = iter(INPUTS)
        sources = self.exported.state_dict | self.exported.constants
        specs = iter(self.exported.graph_signature.input_specs)
        for node in self.exported.graph.nodes:
            if node.op == "placeholder":
                spec = next(specs)
                if spec.kind is InputKind.USER_INPUT:
                    self._add(node, next(names))
                else:
                    self.known[node] = sources[spec.target].detach()
            elif node.op == "call_function":
                self._call(node)
            elif node.op == "output":
                (result,) = node.args[0]
                self._number(result)
        return Program(self.values)

    def _add(self, node: torch.fx.Node, value: str | torch.Tensor | Operation) -> None:
        self.numbers[node] = len(self.values)
        self.values.append(value)

    def _number(self, node: torch.fx.Node) -> int:
        """The number of a node's value; a constant gets one when it is first used."""
        if node not in self.numbers:
            self._add(node, self.known[node].float())
        return self.numbers[node]

    def _call(self, node: torch.fx.Node) -> None:
        if all(used in self.known for used in node.all_input_nodes):
            args, kwargs = torch.fx.node.map_arg((node.args, node.kwargs), self.known.__getitem__)
            self.known[node] = node.target(*args, **kwargs)
            return
        if node.target is not operator.getitem and not hasattr(node.target, "_schema"):
            raise _unknown(node.target)
        if isinstance(node.meta["val"], list | tuple):  # each of them is a node of its own, if it is used
            if str(node.target) not in PIECES:
                raise _unknown(node.target)
            return
        target, given = _piece(*node.args) if node.target is operator.getitem else (node.target, _arguments(node))
        tensors = {name: _each(value, self._number) for name, value in given.items() if _is_tensor(value)}
        options = {name: value for name, value in given.items() if not _is_tensor(value)}
        self._add(node, Operation(target, tensors, options, tuple(node.meta["val"].shape)))


def _arguments(node: torch.fx.Node) -> dict[str, Any]:
    """The arguments of a node by the names in torch's schema; those that have their default may be missing."""
    names = [argument.name for argument in node.target._schema.arguments]
    return dict(zip(names, node.args, strict=False)) | dict(node.kwargs)


def _piece(whole: torch.fx.Node, index: int) -> tuple[Any, dict[str, Any]]:
    """One of the results of an operation that cuts a tensor: the operation that takes it alone, and its arguments."""
    given = _arguments(whole)
    cut, dim = given["self"], given.get("dim", 0)
    if str(whole.target) == "aten.unbind.int":
        return torch.ops.aten.select.int, {"self": cut, "dim": dim, "index": index}
    lengths = [piece.shape[dim] for piece in whole.meta["val"]]
    start = sum(lengths[:index])
    return torch.ops.aten.slice.Tensor, {"self": cut, "dim": dim, "start": start, "end": start + lengths[index]}


def _unknown(*names: object) -> UserError:
    return UserError(f"the page does not know what these operations do: {', '.join(map(str, names))}")


def _is_tensor(value: Any) -> bool:
    """Whether an argument is a node or a list of nodes."""
    items = value if isinstance(value, list | tuple) else [value]
    return any(isinstance(item, torch.fx.Node) for item in items)


def _each(value: Any, change: Callable[[Any], Any]) -> Any:
    """`change` of a value, or of each in a list."""
    return [change(item) for item in value] if isinstance(value, list | tuple) else change(value)
