"""The networks by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from monai.networks.nets.dynunet import DynUNet
from torch import Tensor, nn


class AttentionUNet(nn.Module):
    """A 3-D U-Net whose skip connections pass attention gates, with instance norm throughout.

    Takes (batch, channel, x, y, z) and returns logits (batch, region, x, y, z). Each level but the
    first halves the resolution, so every axis must be divisible by 2 ** (len(filters) - 1). The
    full-resolution skip has no gate: its gating signal would cost as much as the rest.

    Source: Oktay et al. 2018, arXiv:1804.03999; sizes and instance norm after Faanes et al. 2026,
    smaller so that it trains on a CPU.
    """

    def __init__(self, channels: int, regions: int, filters: Sequence[int], dropout: float = 0.0) -> None:
        super().__init__()
        self.factor = 2 ** (len(filters) - 1)
        widths = list(filters)
        self.encoders = nn.ModuleList(
            _stage(before, after, stride=1 if level == 0 else 2)
            for level, (before, after) in enumerate(zip([channels, *widths[:-1]], widths, strict=True))
        )
        deep_to_shallow = list(zip(widths[:0:-1], widths[-2::-1], strict=True))
        self.rising = nn.ModuleList(nn.ConvTranspose3d(deep, flat, 2, stride=2) for deep, flat in deep_to_shallow)
        self.gates = nn.ModuleList(
            AttentionGate(flat) if flat != widths[0] else nn.Identity() for _, flat in deep_to_shallow
        )
        self.decoders = nn.ModuleList(_layer(2 * flat, flat, stride=1) for _, flat in deep_to_shallow)
        self.dropout = nn.Dropout3d(dropout)
        self.head = nn.Conv3d(widths[0], regions, kernel_size=1)

    def forward(self, image: Tensor) -> Tensor:
        """Return the logits of the regions."""
        if any(length % self.factor for length in image.shape[2:]):
            raise ValueError(f"Each axis must be divisible by {self.factor}; got {tuple(image.shape[2:])}.")
        skips: list[Tensor] = []
        features = image
        for encoder in self.encoders:
            features = encoder(features)
            skips.append(features)
        features = self.dropout(skips.pop())
        for rise, gate, decoder in zip(self.rising, self.gates, self.decoders, strict=True):
            features = rise(features)
            skip = skips.pop()
            passed = gate(skip, features) if isinstance(gate, AttentionGate) else skip
            features = decoder(torch.cat([features, passed], dim=1))
        logits: Tensor = self.head(features)
        return logits


class AttentionGate(nn.Module):
    """Weighs a skip connection by how well it fits the coarser features: (0, 1) per voxel."""

    def __init__(self, width: int) -> None:
        super().__init__()
        inner = max(width // 2, 1)
        self.from_skip = nn.Conv3d(width, inner, kernel_size=1)
        self.from_below = nn.Conv3d(width, inner, kernel_size=1)
        self.weigh = nn.Sequential(nn.LeakyReLU(0.01), nn.Conv3d(inner, 1, kernel_size=1), nn.Sigmoid())

    def forward(self, skip: Tensor, below: Tensor) -> Tensor:
        """Return the weighted skip connection; both inputs have the same shape."""
        weight: Tensor = self.weigh(self.from_skip(skip) + self.from_below(below))
        return skip * weight


def _layer(before: int, after: int, *, stride: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv3d(before, after, kernel_size=3, stride=stride, padding=1),
        nn.InstanceNorm3d(after, affine=True),
        nn.LeakyReLU(0.01),
    )


def _stage(before: int, after: int, *, stride: int) -> nn.Sequential:
    if stride == 1:
        return _layer(before, after, stride=1)
    return nn.Sequential(_layer(before, after, stride=stride), _layer(after, after, stride=1))


def _attention_unet(channels: int, regions: int, args: Mapping[str, Any]) -> nn.Module:
    return AttentionUNet(channels, regions, filters=args["filters"], dropout=float(args.get("dropout", 0.0)))


def _dynunet(channels: int, regions: int, args: Mapping[str, Any]) -> nn.Module:
    network: nn.Module = DynUNet(
        spatial_dims=3,
        in_channels=channels,
        out_channels=regions,
        kernel_size=args["kernel_size"],
        strides=args["strides"],
        upsample_kernel_size=args["strides"][1:],
        filters=args["filters"],
        norm_name=("INSTANCE", {"affine": True}),
    )
    return network


NETWORKS: dict[str, Callable[[int, int, Mapping[str, Any]], nn.Module]] = {
    "attention-unet": _attention_unet,
    "dynunet": _dynunet,
}


def build_network(name: str, *, channels: int, regions: int, args: Mapping[str, Any]) -> nn.Module:
    """Return a network with fresh weights. Raises ValueError for an unknown name or missing argument."""
    if name not in NETWORKS:
        raise ValueError(f"There is no network called {name!r}; known are {', '.join(NETWORKS)}.")
    try:
        return NETWORKS[name](channels, regions, args)
    except KeyError as missing:
        raise ValueError(f"The network {name} needs the argument {missing}.") from None
