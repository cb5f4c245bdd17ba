/** The operations by name: plain values that can be sent to a worker, and what each proposes. */

import type { Box } from "./box";
import type { Connectivity } from "./components";
import { eachVoxel } from "./crop";
import type { Axis, Vec3 } from "./grid";
import { type GrowQuery, growRegion } from "./grow";
import { FOREGROUND, type GrowCut, growCut } from "./growcut";
import { changeMargin } from "./margin";
import { type Combination, combine, copySlice, type OtherMask, swapLabels } from "./masks";
import {
  fillHoles,
  type HoleQuery,
  keepPart,
  type RevertWhere,
  relabelPart,
  removeIslands,
  revert,
} from "./parts";
import { type Proposal, propose, proposeDifference, type Scene } from "./proposal";
import type { Intensities } from "./rule";
import { type Smoothing, smooth } from "./smooth";

/** An operation with all that it needs but the labels. */
export type Operation =
  | ({ readonly kind: "fill holes" } & HoleQuery)
  | {
      readonly kind: "remove islands";
      readonly label: number;
      readonly fewerThan: number;
      readonly connectivity: Connectivity;
    }
  | {
      readonly kind: "keep part" | "relabel part";
      readonly label: number;
      readonly voxel: Vec3;
      readonly connectivity: Connectivity;
    }
  | ({ readonly kind: "smooth"; readonly label: number } & Smoothing)
  | { readonly kind: "margin"; readonly label: number; readonly mm: number }
  | { readonly kind: "swap"; readonly a: number; readonly b: number }
  | {
      readonly kind: "combine";
      readonly label: number;
      readonly how: Combination;
      readonly others: readonly OtherMask[];
    }
  | { readonly kind: "revert"; readonly given: Uint8Array; readonly where: RevertWhere }
  | {
      readonly kind: "copy slice";
      readonly label: number;
      readonly axis: Axis;
      readonly from: number;
      readonly to: number;
    }
  | {
      /** The label becomes what lies at or above a value of a map, and nothing else. `map` is in stored values. */
      readonly kind: "above";
      readonly label: number;
      readonly map: Intensities["raw"];
      readonly atLeast: number;
    }
  | ({ readonly kind: "grow" } & GrowQuery)
  | { readonly kind: "grow-cut"; readonly label: number; readonly box: Box; readonly cut: GrowCut };

/** Return what an operation would change. `report` is told how far a long one is, 0 to 1. */
export function operate(scene: Scene, operation: Operation, report?: (part: number) => void): Proposal {
  switch (operation.kind) {
    case "fill holes":
      return fillHoles(scene, operation);
    case "remove islands":
      return removeIslands(scene, operation);
    case "keep part":
      return keepPart(scene, operation);
    case "relabel part":
      return relabelPart(scene, operation);
    case "smooth":
      return smooth(scene, operation);
    case "margin":
      return changeMargin(scene, operation);
    case "swap":
      return swapLabels(scene, operation);
    case "combine":
      return combine(scene, operation);
    case "revert":
      return revert(scene, operation);
    case "copy slice":
      return copySlice(scene, operation);
    case "above":
      return above(scene, operation);
    case "grow":
      return growRegion(scene, operation);
    case "grow-cut":
      return cutOut(scene, operation, report);
  }
}

function above({ labels }: Scene, { label, map, atLeast }: Operation & { kind: "above" }): Proposal {
  if (map.length !== labels.length) throw new RangeError("The map lies on another grid than the labels.");
  const wanted = labels.map((old, index) =>
    (map[index] as number) >= atLeast ? label : old === label ? 0 : old,
  );
  return proposeDifference(labels, wanted);
}

function cutOut(
  { grid, labels }: Scene,
  { label, box, cut }: Operation & { kind: "grow-cut" },
  report?: (part: number) => void,
): Proposal {
  const result = growCut(cut, report);
  const indices: number[] = [];
  eachVoxel(grid.shape, box, (index, place) => {
    if (result[place] === FOREGROUND && labels[index] !== label) indices.push(index);
  });
  return propose(Uint32Array.from(indices), label);
}
