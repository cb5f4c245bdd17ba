/** From a person's choice to the work for the worker: which operation with which parameters on which voxels. */
import {
  type Axis,
  growQuery,
  type Intensities,
  nearestVoxel,
  type Operation,
  type Step,
  type Vec3,
  voxelsInPolygon,
} from "@/labels";
import type { Area, Sample } from "@/tools";
import { NORMAL, type Window } from "@/viewer";
import type { Editor } from "./editor";
import { layersOf, type MaskChoice, maskChoices, maskName } from "./masks";
import type { OperationId, OperationSettings, PartAction } from "./operationSettings";
import type { Settings } from "./settings";
import type { ViewState } from "./view";

/** What people read for each operation. */
export const OPERATION_NAMES: Readonly<Record<OperationId, string>> = {
  "between slices": "Fill between slices",
  "copy to next": "Copy to the next slice",
  "copy to previous": "Copy to the previous slice",
  "fill holes": "Fill holes",
  "remove islands": "Remove islands",
  smooth: "Smooth",
  dilate: "Dilate",
  erode: "Erode",
  combine: "Combine with a mask",
  swap: "Swap labels",
  revert: "Revert to the mask as given",
};

/** What people read for each action of the part tool. */
const PART_NAMES: Readonly<Record<PartAction, string>> = {
  relabel: "Relabel part",
  keep: "Keep only part",
  empty: "Remove part",
  revert: "Revert part",
};

/** Parts are joined where voxels touch by a face, an edge or a corner. */
const CONNECTIVITY = 26;

/** Unlike the others this is done by ITK. */
interface BetweenSlices {
  readonly kind: "between slices";
  readonly label: number;
  readonly axis: Axis;
}

/** What the worker is asked. */
export type Job = { readonly kind: "operation"; readonly operation: Operation } | BetweenSlices;

/** One piece of work. */
export interface Task {
  /** The name of its step in the history, without the label. */
  readonly name: string;
  /** For the statistics. */
  readonly tool: string;
  readonly job: Job;
  /** True when it writes or empties the active label, so that nothing can be done while that is locked. */
  readonly needsActive: boolean;
  /** Said when there is nothing to do. */
  readonly nothing: string;
  /** The last step of the history, when this takes its place. */
  readonly replaces?: Step;
  /** Where the cross goes afterwards. */
  readonly goTo?: Vec3;
}

/** What a task is made from. */
export interface Situation {
  readonly editor: Editor;
  readonly settings: Settings;
  readonly view: ViewState;
  /** Read the mask as it was given. */
  readonly given: () => Promise<readonly Uint8Array[]>;
  /** Read the mask of the previous exam; null where the study does not show it. */
  readonly previous: (() => Promise<readonly Uint8Array[]>) | null;
}

/** Return the task of an operation, or why it cannot be done. */
export async function taskOf(id: OperationId, situation: Situation): Promise<Task | string> {
  const { editor, settings } = situation;
  const label = editor.state.get().active.value;
  const { name } = editor.state.get().active;
  const empty = `There is no ${name} yet.`;
  const make: Make = (work, nothing, more = {}) => ({
    name: OPERATION_NAMES[id],
    tool: id,
    job: work.kind === "between slices" ? work : { kind: "operation", operation: work },
    needsActive: true,
    nothing: editor.volumeMl(editor.state.get().active) === 0 ? empty : nothing,
    ...more,
  });
  switch (id) {
    case "between slices":
      return betweenSlices(situation, make);
    case "copy to next":
      return copySlice(situation, 1, make);
    case "copy to previous":
      return copySlice(situation, -1, make);
    case "fill holes":
      return make({ kind: "fill holes", label, ...holeQuery(situation) }, `${name} has no holes there.`);
    case "remove islands": {
      const fewerThan = islandVoxels(settings, editor.grid.voxelMl);
      const operation = {
        kind: "remove islands" as const,
        label,
        fewerThan,
        connectivity: CONNECTIVITY,
      } as const;
      return make(operation, `${name} has no part below ${settings.islandsBelow} ${settings.islandsUnit}.`);
    }
    case "smooth":
      return make(
        { kind: "smooth", label, by: settings.smoothBy, mm: smoothingMm(settings) },
        `${name} is as smooth as that already.`,
      );
    case "dilate":
      return make({ kind: "margin", label, mm: settings.marginMm }, tooSmallMargin(situation));
    case "erode":
      return make({ kind: "margin", label, mm: -settings.marginMm }, tooSmallMargin(situation));
    case "combine":
      return combine(situation, make);
    case "swap":
      return swap(situation, make);
    case "revert":
      return revert(situation, make);
  }
}

/** The width of the chosen way to smooth. */
function smoothingMm({ smoothBy, smoothMm, medianMm }: OperationSettings): number {
  return smoothBy === "gaussian" ? smoothMm : medianMm;
}

type Make = (work: Operation | BetweenSlices, nothing: string, more?: Partial<Task>) => Task;

function planeAxis({ view }: Situation): Axis {
  return NORMAL[view.plane];
}

function betweenSlices(situation: Situation, make: Make): Task {
  const { active } = situation.editor.state.get();
  const nothing = `${active.name} has no empty slice between two drawn ones on this plane (${situation.view.plane}).`;
  return make({ kind: "between slices", label: active.value, axis: planeAxis(situation) }, nothing);
}

function copySlice(situation: Situation, step: 1 | -1, make: Make): Task | string {
  const { view, editor } = situation;
  const axis = planeAxis(situation);
  const to: [number, number, number] = [view.position[0], view.position[1], view.position[2]];
  to[axis] += step;
  if (to[axis] < 0 || to[axis] >= editor.grid.shape[axis]) return "There is no slice beyond this one.";
  const { value } = editor.state.get().active;
  const operation = {
    kind: "copy slice",
    label: value,
    axis,
    from: view.position[axis],
    to: to[axis],
  } as const;
  return make(operation, "Both slices are the same already.", { goTo: to });
}

function holeQuery(situation: Situation) {
  const { holesIn, holesInside } = situation.settings;
  const axis = planeAxis(situation);
  return {
    axis: holesIn === "volume" ? null : axis,
    slice: holesIn === "slice" ? situation.view.position[axis] : null,
    inside: holesInside,
  };
}

/** Return the number of voxels that a part must have to stay. */
export function islandVoxels(
  { islandsBelow, islandsUnit }: Pick<OperationSettings, "islandsBelow" | "islandsUnit">,
  voxelMl: number,
): number {
  // A part of exactly so many ml stays, whatever the rounding of the division.
  return islandsUnit === "voxels" ? islandsBelow : Math.ceil(islandsBelow / voxelMl - 1e-6);
}

function tooSmallMargin({ editor, settings }: Situation): string {
  const smallest = Math.min(...editor.grid.spacing);
  return settings.marginMm < smallest
    ? `${settings.marginMm} mm is less than a voxel (${smallest.toFixed(2)} mm).`
    : "No voxel lies within that margin.";
}

async function combine(situation: Situation, make: Make): Promise<Task | string> {
  const { editor, settings, previous } = situation;
  const choices = maskChoices(editor, { previous: previous !== null });
  const other = choices.find(({ key }) => key === settings.combineWith);
  if (!other) return "Choose the other mask first.";
  const { active } = editor.state.get();
  const layers = await layersFrom(other, situation);
  const operation = {
    kind: "combine",
    label: active.value,
    how: settings.combineHow,
    others: layersOf(other, layers),
  } as const;
  const where = maskName(other);
  const name = { union: "Add", intersect: "Keep inside", subtract: "Subtract" }[settings.combineHow];
  const nothing = `Nothing changes with ${where}.`;
  return make(operation, nothing, { name: `${name} ${where}`, nothing });
}

function layersFrom({ from }: MaskChoice, { editor, given, previous }: Situation) {
  if (from === "previous" && previous) return previous();
  return from === "given" ? given() : editor.store.layers;
}

function swap({ editor, settings }: Situation, make: Make): Task | string {
  const { active } = editor.state.get();
  const other = editor.labels.find(({ key }) => key === settings.swapWith);
  if (!other || other.key === active.key) return "Choose the other label first.";
  if (other.layerIndex !== active.layerIndex) return "Labels of two layers overlap: they cannot be swapped.";
  const nothing = `There is neither ${active.name} nor ${other.name}.`;
  return make({ kind: "swap", a: active.value, b: other.value }, nothing, {
    name: `Swap with ${other.name}`,
    nothing,
  });
}

async function revert(situation: Situation, make: Make): Promise<Task> {
  const { editor, settings, view } = situation;
  const { active } = editor.state.get();
  const given = (await situation.given())[active.layerIndex] as Uint8Array;
  const axis = planeAxis(situation);
  const where =
    settings.revertWhere === "label"
      ? ({ kind: "label", label: active.value } as const)
      : settings.revertWhere === "slice"
        ? ({ kind: "slice", axis, slice: view.position[axis] } as const)
        : ({ kind: "box", box: boxRound(editor, view.position, settings.revertBoxMm) } as const);
  const nothing = "It is as it was given already.";
  const name = `Revert ${settings.revertWhere}`;
  return make({ kind: "revert", given, where }, nothing, {
    name,
    nothing,
    needsActive: where.kind === "label",
  });
}

function boxRound({ grid }: Editor, position: Vec3, mm: number) {
  const shifted = (direction: 1 | -1) =>
    position.map((place, axis) => place + direction * Math.floor(mm / (grid.spacing[axis] as number))) as [
      number,
      number,
      number,
    ];
  return { low: nearestVoxel(grid, shifted(-1)), high: nearestVoxel(grid, shifted(1)) };
}

/** Return the task that reverts an area of one slice. */
export async function areaTaskOf(
  { axis, points }: Area,
  { editor, given }: Situation,
): Promise<Task | string> {
  const voxels = voxelsInPolygon(editor.grid, axis, points);
  if (voxels.length === 0) return "Go round an area: drag, or click its corners.";
  const layer = (await given())[editor.state.get().active.layerIndex] as Uint8Array;
  return {
    name: "Revert area",
    tool: "lasso: revert",
    job: {
      kind: "operation",
      operation: { kind: "revert", given: layer, where: { kind: "voxels", voxels } },
    },
    needsActive: false,
    nothing: "It is as it was given already.",
  };
}

/** Return the task of a click with Grow on the sequence in use, under the window that it is shown with. */
export function growTaskOf(
  { position, axis }: Pick<Sample, "position" | "axis">,
  {
    erases,
    intensities,
    window: [low, high],
  }: { erases: boolean; intensities: Intensities | null; window: Window },
  { editor, settings }: Situation,
): Task | string {
  if (!intensities) return "This sequence is still loading.";
  const { growLimitMm, growTolerance, growWithin, eraseActiveOnly } = settings;
  const { active } = editor.state.get();
  const query = growQuery(editor.grid, intensities, {
    seed: nearestVoxel(editor.grid, position),
    tolerance: ((high - low) * growTolerance) / 100,
    axis: growWithin === "slice" ? axis : null,
    limitMm: growLimitMm,
  });
  const label = erases ? 0 : active.value;
  const only = erases && eraseActiveOnly ? active.value : null;
  return {
    name: erases ? "Grow, erasing" : "Grow",
    tool: "grow",
    job: { kind: "operation", operation: { kind: "grow", label, only, ...query } },
    needsActive: !erases || eraseActiveOnly,
    nothing: erases
      ? "There is no label to take away."
      : `All that looks like this is ${active.name} already.`,
  };
}

/** Return the task of a click of the part tool. */
export async function partTaskOf(action: PartAction, position: Vec3, situation: Situation): Promise<Task> {
  const { editor } = situation;
  const { active } = editor.state.get();
  const voxel = nearestVoxel(editor.grid, position);
  const operation = await partOperation(action, voxel, situation);
  const nothing = {
    relabel: `There is no other label than ${active.name} here.`,
    keep: `Click on ${active.name}: the part of it under the click stays, the others go.`,
    empty: "There is no label here.",
    revert: "This part is as it was given already.",
  }[action];
  return {
    name: PART_NAMES[action],
    tool: `part: ${action}`,
    job: { kind: "operation", operation },
    needsActive: action === "relabel" || action === "keep",
    nothing,
  };
}

async function partOperation(
  action: PartAction,
  voxel: Vec3,
  { editor, given }: Situation,
): Promise<Operation> {
  const { active } = editor.state.get();
  if (action === "keep") {
    return { kind: "keep part", label: active.value, voxel, connectivity: CONNECTIVITY };
  }
  if (action === "revert") {
    const layer = (await given())[active.layerIndex] as Uint8Array;
    return { kind: "revert", given: layer, where: { kind: "part", voxel, connectivity: CONNECTIVITY } };
  }
  return {
    kind: "relabel part",
    label: action === "relabel" ? active.value : 0,
    voxel,
    connectivity: CONNECTIVITY,
  };
}
