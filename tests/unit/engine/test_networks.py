"""Networks and their files: shapes, no hidden state, and weights that fit their recipe or are refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from inference.engine.networks import build_network
from inference.engine.weights import load_model, network_of, save_model
from tests.unit.engine.builders import small_recipe


def test_output_has_one_map_per_region_at_input_size() -> None:
    network = build_network("attention-unet", channels=2, regions=3, args={"filters": [4, 6, 8]})
    assert network(torch.zeros(1, 2, 16, 8, 12)).shape == (1, 3, 16, 8, 12)


def test_dynunet_is_built_from_its_arguments() -> None:
    args = {"kernel_size": [3, 3, 3], "strides": [1, 2, 2], "filters": [4, 6, 8]}
    network = build_network("dynunet", channels=1, regions=2, args=args)
    assert network.eval()(torch.zeros(1, 1, 16, 16, 16)).shape == (1, 2, 16, 16, 16)


def test_samples_of_a_batch_do_not_influence_each_other() -> None:
    network = network_of(small_recipe()).eval()
    first, second = torch.randn(2, 1, 1, 8, 8, 8)
    together = network(torch.cat([first, second]))
    assert torch.allclose(together[:1], network(first), atol=1e-5)


def test_every_weight_takes_part() -> None:
    network = network_of(small_recipe())
    network(torch.randn(1, 1, 16, 16, 16)).square().mean().backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in network.parameters())
    assert any(
        p.grad.abs().sum() > 0 for name, p in network.named_parameters() if "gates" in name and p.grad is not None
    )


def test_sizes_that_do_not_halve_are_refused() -> None:
    with pytest.raises(ValueError, match="divisible by 4"):
        network_of(small_recipe())(torch.zeros(1, 1, 16, 16, 18))


def test_unknown_networks_and_missing_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="no network called"):
        build_network("resnet", channels=1, regions=1, args={})
    with pytest.raises(ValueError, match="needs the argument"):
        build_network("attention-unet", channels=1, regions=1, args={})


def test_saved_weights_come_back_with_their_recipe(tmp_path: Path) -> None:
    network, path = network_of(small_recipe()).eval(), tmp_path / "sub" / "model.safetensors"
    save_model(path, network.state_dict(), small_recipe(), training={"seed": 1})
    again, recipe = load_model(path)
    image = torch.randn(1, 1, 8, 8, 8)
    assert recipe == small_recipe()
    assert not again.training
    assert torch.equal(again(image), network(image))
    assert [entry.name for entry in path.parent.iterdir()] == ["model.safetensors"]


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    wider = small_recipe(network_args={"filters": [6, 8, 10]})
    save_model(path, network_of(wider).state_dict(), small_recipe(), training={})
    with pytest.raises(ValueError, match="do not fit"):
        load_model(path)


def test_pickles_are_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    torch.save({"weights": torch.zeros(2)}, path)
    with pytest.raises(ValueError, match="safetensors"):
        load_model(path)
