"""The functions of torch that this project calls although torch does not document them; a test names each of them.

Both are kernels behind documented functions (torch.optim.Adam with fused=True, torch.optim with foreach=True), which
would call them with one tensor per layer and with further passes over memory.
"""

import torch


def fused_adam(
    value: torch.Tensor,
    gradient: torch.Tensor,
    first: torch.Tensor,
    second: torch.Tensor,
    steps: torch.Tensor,
    **settings,
) -> None:
    """One step of Adam on `value`, in place, as torch.optim.Adam(fused=True) takes it.

    value, gradient, first and second moment: (n,). steps: the number of this step, a tensor without dimensions.
    settings: lr, beta1, beta2, weight_decay, eps, amsgrad, maximize.
    """
    torch._fused_adam_([value], [gradient], [first], [second], [], [steps], **settings)


def copy_all(targets: list[torch.Tensor], sources: list[torch.Tensor]) -> None:
    """Copy each source into the target at its place, in one call."""
    torch._foreach_copy_(targets, sources)
