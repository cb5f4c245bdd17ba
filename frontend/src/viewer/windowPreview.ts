/** A cheap picture of another window: a linear filter of the browser over the pixels already drawn. */
import type { Window } from "./viewer";

const FILTER_ID = "window-preview";
const SVG = "http://www.w3.org/2000/svg";

/** Return slope and intercept that turn grey values drawn with one window into those of another. */
export function linearBetween(drawn: Window, wanted: Window): { slope: number; intercept: number } {
  const width = wanted[1] - wanted[0] || Number.EPSILON;
  return { slope: (drawn[1] - drawn[0]) / width, intercept: (drawn[0] - wanted[0]) / width };
}

/** Return the CSS filter for the preview. One hidden SVG filter of the document is used again each time. */
export function previewFilter(drawn: Window, wanted: Window): string {
  const { slope, intercept } = linearBetween(drawn, wanted);
  const transfer = document.getElementById(FILTER_ID)?.firstElementChild ?? createFilter();
  for (const channel of transfer.children) {
    channel.setAttribute("slope", String(slope));
    channel.setAttribute("intercept", String(intercept));
  }
  return `url(#${FILTER_ID})`;
}

function createFilter(): Element {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("width", "0");
  svg.setAttribute("height", "0");
  svg.setAttribute("aria-hidden", "true");
  svg.style.position = "absolute";
  const filter = document.createElementNS(SVG, "filter");
  filter.id = FILTER_ID;
  filter.setAttribute("color-interpolation-filters", "sRGB");
  const transfer = document.createElementNS(SVG, "feComponentTransfer");
  for (const channel of ["feFuncR", "feFuncG", "feFuncB"]) {
    const node = document.createElementNS(SVG, channel);
    node.setAttribute("type", "linear");
    transfer.append(node);
  }
  filter.append(transfer);
  svg.append(filter);
  document.body.append(svg);
  return transfer;
}
