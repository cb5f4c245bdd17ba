/** An interactive figure from a Vega-Lite specification. Vega is fetched when the first figure is shown. */
import { Loader, Text, useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { EmbedOptions } from "vega-embed";
import classes from "./Figure.module.css";
import { wordsOf } from "./words";

/** A Vega-Lite specification as data. */
export type Specification = Readonly<Record<string, unknown>>;

/** The colours of axes and texts on a dark page; the marks keep theirs. */
const DARK = {
  background: "transparent",
  title: { color: "#d5dbe1" },
  style: { "guide-label": { fill: "#b3bcc5" }, "guide-title": { fill: "#d5dbe1" } },
  axis: { domainColor: "#66717d", gridColor: "#2f3841", tickColor: "#66717d" },
  header: { labelColor: "#d5dbe1", titleColor: "#d5dbe1" },
  legend: { symbolBaseFillColor: "#b3bcc5", symbolBaseStrokeColor: "#b3bcc5" },
  boxplot: { median: { color: "#f1f3f5" }, rule: { color: "#8e99a4" } },
  view: { stroke: "transparent" },
};
const LIGHT = { background: "transparent", view: { stroke: "transparent" } };

/** Expressions are interpreted, never compiled, and no style is injected: both hold under a strict CSP. */
const SAFE: EmbedOptions = {
  mode: "vega-lite",
  ast: true,
  actions: false,
  defaultStyle: false,
  renderer: "svg",
  tooltip: { disableDefaultStyle: true },
};

/** Draw a figure; `label` says to those who cannot see it what it shows. A click on a case's mark calls `onCase`. */
export function Figure({
  specification,
  label,
  onCase,
}: {
  specification: Specification;
  label: string;
  onCase?: (id: number) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme("light");
  const chosen = useRef(onCase);
  chosen.current = onCase;
  const [state, setState] = useState<"loading" | "shown" | Error>("loading");
  useEffect(() => {
    let gone = false;
    let clear = () => {};
    async function draw() {
      const { default: embed } = await import("vega-embed");
      if (gone || !place.current) return;
      const { config, ...rest } = specification;
      const whole = { ...rest, config: { ...(config as object), ...(scheme === "dark" ? DARK : LIGHT) } };
      const drawn = await embed(place.current, whole as never, SAFE);
      drawn.view.addEventListener("click", (_, item) => {
        const id = caseOf(item?.datum);
        if (id !== null) chosen.current?.(id);
      });
      clear = () => drawn.finalize();
      if (gone) clear();
      else setState("shown");
    }
    draw().catch(
      (error: unknown) => !gone && setState(error instanceof Error ? error : new Error(String(error))),
    );
    return () => {
      gone = true;
      clear();
    };
  }, [specification, scheme]);
  return (
    <figure style={{ margin: 0 }} aria-label={label}>
      {state === "loading" && <Loader size="sm" type="dots" aria-label="Drawing the figure" />}
      {state instanceof Error && (
        <Text size="sm" c="red" role="alert">
          The figure could not be drawn: {wordsOf(state)}
        </Text>
      )}
      <div
        ref={place}
        className={classes.frame}
        data-loading={state === "loading"}
        hidden={state instanceof Error}
      />
      <Text component="figcaption" size="xs" c="dimmed" className={classes.caption ?? ""}>
        {label}
      </Text>
    </figure>
  );
}

/** Return the id of the case that a mark stands for. */
function caseOf(datum: unknown): number | null {
  const id = typeof datum === "object" && datum !== null ? Reflect.get(datum, "case_id") : null;
  return typeof id === "number" ? id : null;
}
