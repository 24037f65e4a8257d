"""Replicates of one run side by side: parameters with a leading replicate axis, one forward pass, one optimizer."""

import copy

import torch
from torch.func import functional_call, vmap

from aestudy.network.autoencoder import Network
from aestudy.training.adam import Adam
from aestudy.training.private_torch import copy_all

Tensors = dict[str, torch.Tensor]


class Stack:
    """Models of equal architecture and their common Adam optimizer.

    A stack of one calls its model directly; a larger one maps the model over the replicate axis, which turns its layers
    into batched matrix products and grouped convolutions. Adam works element by element, so every replicate is updated
    as if it were alone.

    Values that a network keeps without training them (the running statistics of batch normalisation) are its own:
    networks that have some are trained one by one, and these values stay fp32.

    In bf16 the networks compute with rounded copies of the parameters; the parameters themselves and Adam's moments
    stay fp32, since an update is often too small to change a bf16 number (Micikevicius et al., 2018).
    """

    def __init__(self, models: list[Network], learning_rate: float, epsilon: float, precision: str = "fp32"):
        """models: fp32, on the device that they are to be trained on. precision: fp32 or bf16."""
        self.models = models
        self.dtype = {"fp32": torch.float32, "bf16": torch.bfloat16}[precision]
        self.template = copy.deepcopy(models[0]).to(self.dtype).train()
        self.buffers = _kept(models[0])
        if self.buffers and len(models) > 1:
            raise ValueError("networks that keep values of their own cannot be trained side by side")
        for name, value in self.buffers.items():
            owner, _, own_name = name.rpartition(".")
            self.buffers[name] = value.clone()
            setattr(self.template.get_submodule(owner), own_name, self.buffers[name])
        states = [dict(model.named_parameters()) for model in models]
        initial = {name: value.detach() for name, value in states[0].items()}
        if len(models) > 1:
            initial = {name: torch.stack([state[name].detach() for state in states]) for name in initial}
        length = sum(value.numel() for value in initial.values())

        def vector(dtype: torch.dtype) -> torch.Tensor:
            return torch.zeros(length, dtype=dtype, device=next(iter(initial.values())).device)

        values, gradient = vector(torch.float32), vector(self.dtype)
        rounded = vector(self.dtype) if precision == "bf16" else None
        self.parameters = _parts(values, initial)
        for name, value in self.parameters.items():
            value.copy_(initial[name])
        self.optimizer = Adam(values, gradient, rounded, learning_rate, epsilon)
        self.optimizer.round()
        self._gradients = list(_parts(gradient, initial).values())
        self._leaves = self.parameters if rounded is None else _parts(rounded, initial)
        for name, leaf in self._leaves.items():
            if len(models) == 1:
                self.template.get_parameter(name).data = leaf
                leaf = self._leaves[name] = self.template.get_parameter(name)
            leaf.requires_grad_()

    def __len__(self) -> int:
        return len(self.models)

    @property
    def values(self) -> torch.Tensor:
        """All parameters of all replicates in one vector, fp32."""
        return self.optimizer.values

    def __call__(
        self, images: torch.Tensor, masks: Tensors, levels: torch.Tensor | None = None
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Outputs (r, b, c, h, w) and latent (r, b, ...) of images (r, b, c, h, w), in the stack's precision.

        masks: (r, b, ...) by the name of the dropout layer. levels: strength of the noise on each image (r, b), for
        networks that take it.
        """
        images = images.to(self.dtype)
        levels = None if levels is None else levels.to(self.dtype)
        if len(self) == 1:
            for name, mask in masks.items():
                self.template.get_submodule(name).mask = mask[0]
            output, latent = self.template(images[0], None if levels is None else levels[0])
            return output[None], latent[None]

        def one(parameters, masks, images, levels):
            buffers = {f"{name}.mask": mask for name, mask in masks.items()}
            return functional_call(self.template, {**parameters, **buffers}, (images, levels))

        return vmap(one, in_dims=(0, 0, 0, None if levels is None else 0))(self._leaves, masks, images, levels)

    def step(self, loss: torch.Tensor) -> None:
        """One step of Adam down the gradient of a scalar loss."""
        for leaf in self._leaves.values():
            leaf.grad = None
        loss.backward()
        copy_all(self._gradients, [leaf.grad for leaf in self._leaves.values()])
        self.optimizer.step()

    def unstack(self) -> list[Network]:
        """The models with the parameters that they have now, on the device, for the caller to read."""
        with torch.no_grad():
            for index, model in enumerate(self.models):
                for name, parameter in model.named_parameters():
                    parameter.copy_(self.parameters[name] if len(self) == 1 else self.parameters[name][index])
                for name, value in self.buffers.items():
                    model.get_buffer(name).copy_(value)
        return self.models

    def state(self) -> Tensors:
        """Everything that training changes, by name: parameters, the optimizer's moments and steps, kept values."""
        adam = self.optimizer
        tensors = {"steps": adam.steps} | {f"kept/{name}": value for name, value in self.buffers.items()}
        for kind, vector in (("parameter", adam.values), ("first", adam.first), ("second", adam.second)):
            tensors |= {f"{kind}/{name}": part for name, part in _parts(vector, self.parameters).items()}
        return tensors

    def load(self, state: Tensors) -> None:
        """Take over what `state` returned, in place. Raises KeyError or RuntimeError if names or shapes differ."""
        for name, tensor in self.state().items():
            tensor.copy_(state[name])
        self.optimizer.round()


def _kept(model: Network) -> Tensors:
    """Values that a network keeps beside its parameters and stores with them, by name."""
    stored = model.state_dict()
    return {name: value for name, value in model.named_buffers() if name in stored and value.is_floating_point()}


def _parts(vector: torch.Tensor, like: Tensors) -> Tensors:
    """Consecutive parts of a vector, each with the shape and the memory layout of a tensor of `like`."""
    parts, start = {}, 0
    for name, tensor in like.items():
        parts[name] = vector.as_strided(tensor.shape, tensor.stride(), start)
        start += tensor.numel()
    return parts
