"""Small networks of every kind of layer that the playground knows, for tests in Python and in a browser."""

import torch
from torch import nn
from torch.nn import functional

from aestudy.network.autoencoder import Network
from aestudy.network.layers import Dropout, UpsampleConv2d

SHAPE = (2, 8, 8)


class Small(Network):
    """A network whose output is one function of the image; `modules` hold its weights."""

    def __init__(self, function, gives: str = "logits", takes_level: bool = False, **modules: nn.Module):
        super().__init__()
        self.function, self.gives, self.takes_level = function, gives, takes_level
        for name, module in modules.items():
            self.add_module(name, module)

    def forward(self, images, level=None):
        output = self.function(self, images, level) if self.takes_level else self.function(self, images)
        return output, output


def _attention(net, x):
    tokens = x.flatten(2).transpose(1, 2)
    query, key, value = net.inner(net.norm(tokens)).chunk(3, dim=-1)
    weights = torch.softmax(query @ key.transpose(-2, -1) / 2, dim=-1)
    return (tokens + weights @ value).transpose(1, 2).unflatten(2, (8, 8))


def _fused_attention(net, x):
    heads = net.inner(x.flatten(2).transpose(1, 2)).unflatten(2, (3, 2, 1)).permute(2, 0, 3, 1, 4)
    query, key, value = heads.unbind(0)
    return (
        functional.scaled_dot_product_attention(query, key, value)
        .transpose(1, 2)
        .reshape(1, 64, 2)
        .transpose(1, 2)
        .view(1, 2, 8, 8)
    )


def _level_map(net, x, level):
    return net.inner(torch.cat([x, level.view(-1, 1, 1, 1).expand(-1, 1, 8, 8)], dim=1))


def _u_net(net, x):
    deep = net.up(functional.relu(net.down(x)))
    return net.last(torch.cat([x, deep], dim=1))


def networks() -> dict[str, Small]:
    """Networks by name, with random weights and statistics, ready to compute images of SHAPE."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        found = _networks()
        for network in found.values():
            for module in network.modules():
                if isinstance(module, nn.BatchNorm2d):
                    module.running_mean.normal_()
                    module.running_var.uniform_(0.5, 2)
                if isinstance(module, nn.BatchNorm2d | nn.GroupNorm | nn.LayerNorm):
                    module.weight.data.normal_()
                    module.bias.data.normal_()
    return {name: network.eval() for name, network in found.items()}


def _networks() -> dict[str, Small]:
    def layered(*layers: nn.Module, **options) -> Small:
        return Small(lambda net, x: net.inner(x), inner=nn.Sequential(*layers), **options)

    activations = [
        nn.LeakyReLU(0.2),
        nn.SiLU(),
        nn.GELU(),
        nn.GELU("tanh"),
        nn.Tanh(),
        nn.Sigmoid(),
        nn.ReLU(inplace=True),
    ]
    return {
        "dense": layered(nn.Flatten(), nn.Linear(128, 30), nn.ReLU(), nn.Linear(30, 128), nn.Unflatten(1, SHAPE)),
        "conv": layered(nn.Conv2d(2, 5, 3, padding=1), nn.MaxPool2d(2), Dropout(0.3), UpsampleConv2d(5, 2, 3)),
        "kernel 5": layered(nn.Conv2d(2, 3, 5, padding=2), nn.MaxPool2d(2), UpsampleConv2d(3, 2, 5)),
        "strides": layered(nn.Conv2d(2, 6, 3, stride=2, padding=1), nn.ConvTranspose2d(6, 2, 4, stride=2, padding=1)),
        "odd strides": layered(nn.Conv2d(2, 4, 3, stride=2), nn.ConvTranspose2d(4, 2, 3, stride=2, output_padding=1)),
        "groups": layered(nn.Conv2d(2, 4, 3, padding=1, groups=2, bias=False), nn.ConvTranspose2d(4, 2, 1, groups=2)),
        "dilation": layered(nn.Conv2d(2, 4, 3, padding=2, dilation=2), nn.Conv2d(4, 2, (1, 3), padding=(0, 1))),
        "pools": layered(nn.MaxPool2d(3, 2, padding=1), nn.AvgPool2d(3, 1, padding=1), nn.Upsample(scale_factor=2)),
        "pools without padding": layered(
            nn.AvgPool2d(3, 1, padding=1, count_include_pad=False), nn.MaxPool2d(3, 1, padding=1)
        ),
        "activations": layered(nn.Conv2d(2, 2, 1), *activations, nn.Conv2d(2, 2, 1)),
        "normalised": layered(nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.GroupNorm(2, 4), nn.Conv2d(4, 2, 1)),
        "residual": Small(lambda net, x: x - net.inner(x) * 0.5, "image", inner=nn.Conv2d(2, 2, 3, padding=1)),
        "arithmetic": Small(lambda net, x: (1 - x) / (x.exp() + 2) - x.clamp(min=0.3) + torch.sqrt(x + 1) * -x),
        "u-net": Small(
            _u_net,
            down=nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.MaxPool2d(2)),
            up=nn.Upsample(scale_factor=2, mode="nearest"),
            last=nn.Conv2d(6, 2, 3, padding=1),
        ),
        "squeezed": Small(
            lambda net, x: x * torch.sigmoid(net.inner(x.mean((2, 3)))).unsqueeze(-1).unsqueeze(-1),
            inner=nn.Linear(2, 2),
        ),
        "cut": Small(lambda net, x: torch.cat([x[:, 1:], x[:, 0].unsqueeze(1).contiguous()], 1).permute(0, 1, 3, 2)),
        "attention": Small(_attention, norm=nn.LayerNorm(2), inner=nn.Linear(2, 6)),
        "fused attention": Small(_fused_attention, inner=nn.Linear(2, 6)),
        "level map": Small(_level_map, takes_level=True, inner=nn.Conv2d(3, 2, 3, padding=1)),
    }
