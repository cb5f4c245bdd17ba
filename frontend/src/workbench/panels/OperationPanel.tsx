/** Right: the operations, chosen from a grouped menu, with their parameters. */
import { Button, Group, NumberInput, Select, Text } from "@mantine/core";
import type { Bench } from "../bench";
import { useField, useFields, useMade } from "../cell";
import { type Action, keyOf } from "../keys";
import { maskChoices, maskName } from "../masks";
import type { OperationId } from "../operationSettings";
import { OPERATION_NAMES } from "../tasks";
import classes from "./panels.module.css";
import { FoldingSection } from "./Section";
import { SettingChoice, SettingMillimetres } from "./SettingControls";

const GROUPS: readonly { group: string; items: readonly OperationId[] }[] = [
  { group: "Slices", items: ["between slices", "copy to next", "copy to previous"] },
  { group: "Clean up", items: ["fill holes", "remove islands", "smooth"] },
  { group: "Size", items: ["dilate", "erode"] },
  { group: "Labels and masks", items: ["combine", "swap", "revert"] },
];
const KEYS: Partial<Record<OperationId, Action>> = {
  "between slices": "fill.slices",
  "copy to next": "copy.next",
  "copy to previous": "copy.previous",
  "fill holes": "fill.holes",
};

/** The operations by group, with the keys that they have now. */
function menu() {
  return GROUPS.map(({ group, items }) => ({
    group,
    items: items.map((value) => {
      const action = KEYS[value];
      const name = OPERATION_NAMES[value];
      return { value, label: action ? `${name} (${keyOf(action)})` : name };
    }),
  }));
}

export function OperationPanel({ bench }: { bench: Bench }) {
  const { operation } = useFields(bench.settings, "operation");
  const isRunning = useMade(bench.operations.running, (running) => running !== null);
  return (
    <FoldingSection bench={bench} name="operations" title="Operations" note="on the active label">
      <Group gap={6} wrap="nowrap">
        <Select
          size="xs"
          aria-label="Operation"
          style={{ flex: 1 }}
          data={menu()}
          maxDropdownHeight={340}
          value={operation}
          allowDeselect={false}
          onChange={(value) => bench.settings.patch({ operation: (value ?? operation) as OperationId })}
        />
        <Button
          size="xs"
          variant="default"
          disabled={isRunning}
          title={`Apply (${keyOf("operation.apply")})`}
          onClick={() => void bench.operations.run(operation)}
        >
          Apply
        </Button>
      </Group>
      <div className={classes.options}>
        <Parameters bench={bench} operation={operation} />
      </div>
    </FoldingSection>
  );
}

function Parameters({ bench, operation }: { bench: Bench; operation: OperationId }) {
  switch (operation) {
    case "fill holes":
      return <HoleParameters bench={bench} />;
    case "remove islands":
      return <IslandParameters bench={bench} />;
    case "smooth":
      return <SmoothParameters bench={bench} />;
    case "dilate":
    case "erode":
      return <SettingMillimetres bench={bench} name="marginMm" label="By" />;
    case "combine":
      return <CombineParameters bench={bench} />;
    case "swap":
      return <SwapParameters bench={bench} />;
    case "revert":
      return <RevertParameters bench={bench} />;
    default:
      return <PlaneNote bench={bench} operation={operation} />;
  }
}

function PlaneNote({ bench, operation }: { bench: Bench; operation: OperationId }) {
  const plane = useField(bench.view, "plane");
  return (
    <Text size="xs" c="dimmed">
      {operation === "between slices"
        ? `Empty ${plane} slices between drawn ones.`
        : `From this ${plane} slice.`}
    </Text>
  );
}

function HoleParameters({ bench }: { bench: Bench }) {
  return (
    <>
      <SettingChoice
        bench={bench}
        name="holesIn"
        label="Where holes are filled"
        options={[
          { value: "slice", label: "This slice" },
          { value: "every slice", label: "Each slice" },
          { value: "volume", label: "3-D" },
        ]}
      />
      <SettingChoice
        bench={bench}
        name="holesInside"
        label="What is filled in a hole"
        options={[
          { value: "empty", label: "Only background" },
          { value: "any label", label: "Other labels too" },
        ]}
      />
    </>
  );
}

function IslandParameters({ bench }: { bench: Bench }) {
  const { islandsBelow, islandsUnit } = useFields(bench.settings, "islandsBelow", "islandsUnit");
  return (
    <Group gap={6} wrap="nowrap">
      <NumberInput
        size="xs"
        aria-label="Remove parts smaller than"
        leftSection="<"
        min={0}
        step={islandsUnit === "ml" ? 0.05 : 1}
        value={islandsBelow}
        onChange={(value) => {
          if (typeof value === "number") bench.settings.patch({ islandsBelow: value });
        }}
      />
      <SettingChoice
        bench={bench}
        name="islandsUnit"
        label="Unit"
        options={[
          { value: "ml", label: "ml" },
          { value: "voxels", label: "voxels" },
        ]}
        fullWidth={false}
      />
    </Group>
  );
}

function SmoothParameters({ bench }: { bench: Bench }) {
  const { smoothBy } = useFields(bench.settings, "smoothBy");
  return (
    <>
      <SettingChoice
        bench={bench}
        name="smoothBy"
        label="How the label is smoothed"
        options={[
          { value: "gaussian", label: "Gaussian" },
          { value: "median", label: "Median" },
        ]}
      />
      {smoothBy === "gaussian" ? (
        <SettingMillimetres bench={bench} name="smoothMm" label="Width (σ)" />
      ) : (
        <SettingMillimetres bench={bench} name="medianMm" label="Radius" />
      )}
    </>
  );
}

function CombineParameters({ bench }: { bench: Bench }) {
  const { combineWith } = useFields(bench.settings, "combineWith");
  useField(bench.work.editor.state, "active");
  const previous = bench.work.guides.outlines.includes("previous");
  const choices = maskChoices(bench.work.editor, { previous });
  const groups = [
    { group: "As they are now", from: "now" },
    { group: "As given", from: "given" },
    ...(previous ? [{ group: "In the previous exam", from: "previous" }] : []),
  ].map(({ group, from }) => ({
    group,
    items: choices
      .filter((each) => each.from === from)
      .map((each) => ({ value: each.key, label: maskName(each) })),
  }));
  return (
    <>
      <SettingChoice
        bench={bench}
        name="combineHow"
        label="How the masks are combined"
        options={[
          { value: "union", label: "Add" },
          { value: "intersect", label: "Keep inside" },
          { value: "subtract", label: "Subtract" },
        ]}
      />
      <Select
        size="xs"
        aria-label="The other mask"
        placeholder="The other mask"
        data={groups}
        allowDeselect={false}
        value={choices.some(({ key }) => key === combineWith) ? combineWith : null}
        onChange={(value) => bench.settings.patch({ combineWith: value ?? "" })}
      />
    </>
  );
}

function SwapParameters({ bench }: { bench: Bench }) {
  const { swapWith } = useFields(bench.settings, "swapWith");
  const active = useField(bench.work.editor.state, "active");
  const others = bench.work.editor.labels.filter(
    (label) => label.key !== active.key && label.layerIndex === active.layerIndex,
  );
  return (
    <Select
      size="xs"
      aria-label="Swap with"
      placeholder={others.length > 0 ? `Swap ${active.name} with` : "This layer has one label only"}
      disabled={others.length === 0}
      allowDeselect={false}
      data={others.map(({ key, name }) => ({ value: key, label: name }))}
      value={others.some(({ key }) => key === swapWith) ? swapWith : null}
      onChange={(value) => bench.settings.patch({ swapWith: value ?? "" })}
    />
  );
}

function RevertParameters({ bench }: { bench: Bench }) {
  const { revertWhere } = useFields(bench.settings, "revertWhere");
  return (
    <>
      <SettingChoice
        bench={bench}
        name="revertWhere"
        label="What is reverted"
        options={[
          { value: "slice", label: "This slice" },
          { value: "box", label: "A box" },
          { value: "label", label: "Whole label" },
        ]}
      />
      {revertWhere === "box" && (
        <SettingMillimetres bench={bench} name="revertBoxMm" label="To each side of the cross" />
      )}
      <Text size="xs" c="dimmed">
        An area drawn by hand: with the lasso ({keyOf("tool.lasso")}). A connected part: with Part (
        {keyOf("tool.part")}).
      </Text>
    </>
  );
}
