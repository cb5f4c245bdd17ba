"""The work that is measured: ours, and the same by each peer in its documented fastest configuration."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.evaluation.masks import Masks, Scene
from evaluation.consensus import staple
from evaluation.metrics import brats_lesionwise, hausdorff95, pairwise

Work = Callable[[Masks, Scene], Any]
TOLERANCE_MM = 2.0


def pairs_surfel(masks: Masks, scene: Scene) -> Any:
    table = pairwise(masks, scene.spacing, tolerance_mm=TOLERANCE_MM, hausdorff_variant="surfel")
    return [table.dice, table.jaccard, table.hausdorff95, table.surface_dice]


def pairs_voxel(masks: Masks, scene: Scene) -> Any:
    table = pairwise(masks, scene.spacing, tolerance_mm=TOLERANCE_MM, surface_variant="voxel")
    return [table.dice, table.jaccard, table.hausdorff95, table.surface_dice]


def staple_of_all(masks: Masks, _: Scene) -> Any:
    result = staple(masks)
    return [float(np.count_nonzero(result.mask)), float(result.iterations)]


def staple_with_map(masks: Masks, _: Scene) -> Any:
    result = staple(masks)
    return [float(np.count_nonzero(result.probability >= 0.5)), float(result.iterations)]


def one_hausdorff(masks: Masks, scene: Scene) -> Any:
    return hausdorff95(masks[0], masks[1], scene.spacing, variant="surfel")


def lesionwise(masks: Masks, scene: Scene) -> Any:
    found = brats_lesionwise(masks[0], masks[1], scene.spacing, challenge=scene.challenge)
    return [found.dice, found.hausdorff95]


def _fill(masks: Masks, measure: Callable[[Any, Any], tuple[float, float]]) -> Any:
    """Return the four matrices with a peer's two distances and counted overlaps, as pairwise does."""
    raters = len(masks)
    tables = [np.ones((raters, raters)) for _ in range(4)]
    tables[2][:] = 0
    for i, j in itertools.combinations(range(raters), 2):
        both, either = np.count_nonzero(masks[i] & masks[j]), np.count_nonzero(masks[i] | masks[j])
        values = 2 * both / (both + either), both / either, *measure(masks[i], masks[j])
        for table, value in zip(tables, values, strict=True):
            table[i, j] = table[j, i] = value
    return tables


def pairs_by_surface_distance(masks: Masks, scene: Scene) -> Any:
    import surface_distance as peer

    np.Inf = np.inf  # type: ignore[attr-defined]

    def measure(first: Any, second: Any) -> tuple[float, float]:
        found = peer.compute_surface_distances(second, first, scene.spacing)
        overlap = peer.compute_surface_dice_at_tolerance(found, TOLERANCE_MM)
        return peer.compute_robust_hausdorff(found, 95), overlap

    return _fill(masks, measure)


def pairs_by_monai(masks: Masks, scene: Scene) -> Any:
    import torch
    from monai.metrics.hausdorff_distance import compute_hausdorff_distance
    from monai.metrics.surface_dice import compute_surface_dice

    torch.set_num_threads(1)

    def measure(first: Any, second: Any) -> tuple[float, float]:
        pair = torch.from_numpy(first)[None, None], torch.from_numpy(second)[None, None]
        options: dict[str, Any] = {"include_background": True, "spacing": scene.spacing}
        distance = compute_hausdorff_distance(*pair, percentile=95, **options)
        return distance.item(), compute_surface_dice(*pair, [TOLERANCE_MM], **options).item()

    return _fill(masks, measure)


def pairs_by_monais_helper(masks: Masks, scene: Scene) -> Any:
    """Both figures from one call of the helper that MONAI's two functions share: faster than its documented use."""
    import torch
    from monai.metrics.utils import get_edge_surface_distance

    torch.set_num_threads(1)

    def measure(first: Any, second: Any) -> tuple[float, float]:
        pair = torch.from_numpy(first), torch.from_numpy(second)
        _, distances, _ = get_edge_surface_distance(*pair, spacing=scene.spacing, symmetric=True)
        inside = sum(int((one <= TOLERANCE_MM).sum()) for one in distances)
        farthest = max(torch.quantile(one, 0.95).item() for one in distances)
        return farthest, inside / sum(len(one) for one in distances)

    return _fill(masks, measure)


def staple_by_simpleitk(masks: Masks, _: Scene) -> Any:
    import SimpleITK

    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    peer = SimpleITK.STAPLEImageFilter()
    peer.SetForegroundValue(1)
    fused = peer.Execute([SimpleITK.GetImageFromArray(mask.view(np.uint8)) for mask in masks])
    mask = SimpleITK.GetArrayViewFromImage(fused) >= 0.5
    return [float(np.count_nonzero(mask)), float(peer.GetElapsedIterations())]


def hausdorff_by_surface_distance(masks: Masks, scene: Scene) -> Any:
    import surface_distance as peer

    np.Inf = np.inf  # type: ignore[attr-defined]
    found = peer.compute_surface_distances(masks[1], masks[0], scene.spacing)
    return peer.compute_robust_hausdorff(found, 95)


def lesionwise_by_the_challenge(masks: Masks, scene: Scene) -> Any:
    """The published procedure: whole images lesion by lesion, with cc3d, SciPy and surface-distance."""
    import cc3d
    import surface_distance as peer
    from scipy.ndimage import binary_dilation, generate_binary_structure

    np.Inf = np.inf  # type: ignore[attr-defined]
    prediction, reference = masks[0], masks[1]
    times, left_out = (3, 50.0) if scene.challenge == "gli" else (1, 2.0)
    near = generate_binary_structure(3, 2)
    zones = cc3d.connected_components(binary_dilation(reference, near, iterations=times), connectivity=26)
    found = cc3d.connected_components(prediction, connectivity=26)
    rows, used = [], set()
    for zone in range(1, int(zones.max()) + 1):
        lesion = reference & (zones == zone)
        grown = binary_dilation(lesion, near, iterations=times)
        hits = np.setdiff1d(np.unique(found * grown), [0])
        used |= set(hits.tolist())
        union = np.isin(found, hits)
        score = 2 * np.count_nonzero(lesion & union) / (np.count_nonzero(lesion) + np.count_nonzero(union))
        distance = peer.compute_robust_hausdorff(peer.compute_surface_distances(lesion, union, scene.spacing), 95)
        if np.count_nonzero(lesion) * np.prod(scene.spacing) > left_out:
            rows.append((score, distance if np.isfinite(distance) else 374.0))
    false = int(found.max()) - len(used)
    total = len(rows) + false
    return [sum(row[0] for row in rows) / total, (sum(row[1] for row in rows) + 374 * false) / total]


WORKS: dict[str, tuple[Work, dict[str, Work]]] = {
    "28 pairs, surfel": (pairs_surfel, {"surface-distance": pairs_by_surface_distance}),
    "28 pairs, voxel": (pairs_voxel, {"MONAI": pairs_by_monai}),
    "28 pairs, voxel, one pass": (pairs_voxel, {"MONAI's helper": pairs_by_monais_helper}),
    "STAPLE of 8": (staple_of_all, {"SimpleITK": staple_by_simpleitk}),
    "STAPLE of 8, with its map": (staple_with_map, {"SimpleITK": staple_by_simpleitk}),
    "one HD95": (one_hausdorff, {"surface-distance": hausdorff_by_surface_distance}),
    "BraTS lesion-wise": (lesionwise, {"the challenge's procedure": lesionwise_by_the_challenge}),
}

CROPS_CHANGE = {"STAPLE of 8", "STAPLE of 8, with its map"}
"""Work whose result depends on the field: its peer is not measured on cropped masks."""

MASKS_READ = {"one HD95": 2, "BraTS lesion-wise": 2}
"""How many of the raters' masks a work reads, where it is not all of them."""
