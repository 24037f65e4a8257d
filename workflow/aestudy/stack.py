"""Replicates of one run side by side: parameters with a leading replicate axis, one forward pass, one optimiser."""

import torch
from torch.func import functional_call, vmap

from aestudy.autoencoder import Autoencoder


class Stack:
    """Models of equal architecture and their common Adam optimiser.

    A stack of one calls its model directly; a larger one maps the model over the replicate axis, which turns its layers
    into batched matrix products and grouped convolutions. Adam works element by element, so every replicate is updated
    as if it were alone.
    """

    def __init__(self, models: list[Autoencoder], learning_rate: float, epsilon: float):
        """models: on the device that they are to be trained on."""
        self.models = models
        self.template = models[0].train()
        if len(models) == 1:
            self.parameters = dict(self.template.named_parameters())
        else:
            states = [dict(model.named_parameters()) for model in models]
            self.parameters = {
                name: torch.stack([state[name].detach() for state in states]).requires_grad_() for name in states[0]
            }
        values = list(self.parameters.values())
        on_gpu = values[0].is_cuda
        self.optimizer = torch.optim.Adam(values, lr=learning_rate, eps=epsilon, fused=True, capturable=on_gpu)
        # Adam would make these at its first step; made here, they can be filled in place from a checkpoint.
        for value in values:
            self.optimizer.state[value] = {
                "step": torch.zeros((), device=value.device if on_gpu else "cpu"),
                "exp_avg": torch.zeros_like(value, memory_format=torch.preserve_format),
                "exp_avg_sq": torch.zeros_like(value, memory_format=torch.preserve_format),
            }

    def __len__(self) -> int:
        return len(self.models)

    def __call__(self, images: torch.Tensor, masks: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits (r, b, c, h, w) and latent (r, b, ...) of images (r, b, c, h, w).

        masks: (r, b, ...) by the name of the dropout layer.
        """
        if len(self) == 1:
            for name, mask in masks.items():
                self.template.get_submodule(name).mask = mask[0]
            logits, latent = self.template(images[0])
            return logits[None], latent[None]

        def one(parameters, masks, images):
            buffers = {f"{name}.mask": mask for name, mask in masks.items()}
            return functional_call(self.template, {**parameters, **buffers}, (images,))

        return vmap(one)(self.parameters, masks, images)

    def step(self, loss: torch.Tensor) -> None:
        """One step of Adam down the gradient of a scalar loss."""
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()  # gives gradients the layout of their parameters, which fused Adam takes for granted
        self.optimizer.step()

    def unstack(self) -> list[Autoencoder]:
        """The models with the parameters that they have now, on the device, as the caller's to read."""
        if len(self) > 1:
            with torch.no_grad():
                for index, model in enumerate(self.models):
                    for name, parameter in model.named_parameters():
                        parameter.copy_(self.parameters[name][index])
        return self.models

    def state(self) -> dict[str, torch.Tensor]:
        """Everything that training changes, by name: parameters and the optimiser's moments and step counts."""
        tensors = {f"parameter/{name}": value.detach() for name, value in self.parameters.items()}
        for name, value in self.parameters.items():
            tensors |= {f"{key}/{name}": moment for key, moment in self.optimizer.state[value].items()}
        return tensors

    def load(self, state: dict[str, torch.Tensor]) -> None:
        """Take over what `state` returned, in place. Raises KeyError or RuntimeError if names or shapes differ."""
        with torch.no_grad():
            for name, tensor in self.state().items():
                tensor.copy_(state[name])
