"""Agreement of four synthetic raters over six tumours, by the pure packages alone: no Django, no files, no settings."""

import numpy as np

from evaluation.consensus import leave_one_out_agreement, staple
from evaluation.metrics import pairwise
from evaluation.statistics import icc

rng, spacing, volumes, agreement = np.random.default_rng(1), (1.0, 1.0, 2.0), [], []
points = np.stack(np.meshgrid(*map(np.arange, (48, 44, 24)), indexing="ij"), axis=-1) * spacing  # mm
for radius in (8, 10, 12, 14, 16, 18):  # each rater draws the ball a little shifted, too large or too small
    balls = [(rng.normal((24, 22, 24), 0.7), rng.normal(radius, 0.6)) for _ in range(4)]
    masks = np.stack([np.linalg.norm(points - centre, axis=-1) < size for centre, size in balls])
    pairs = pairwise(masks, spacing, tolerance_mm=2.0)
    volumes.append(pairs.volume_ml)
    agreement.append(leave_one_out_agreement(masks).jaccard)
    print(f"{radius} mm ball: HD95 of the pairs up to {np.nanmax(pairs.hausdorff95):.2f} mm, "
          f"STAPLE sensitivities {staple(masks).sensitivity.round(3)}")  # fmt: skip
found = icc(volumes, "A,1")
print("Jaccard with the majority of the others, by rater:", np.mean(agreement, axis=0).round(3))
print(f"ICC(A,1) of volume: {found.statistic:.3f} [{found.interval.low:.3f}, {found.interval.high:.3f}]")
