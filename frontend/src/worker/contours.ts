/** ITK's contour interpolation in WebAssembly, loaded from our own files when it is first used. */
import {
  morphologicalContourInterpolation,
  setPipelinesBaseUrl,
} from "@itk-wasm/morphological-contour-interpolation";
import { interpolationBy } from "./contourFilter";

setPipelinesBaseUrl(new URL(`${import.meta.env.BASE_URL}pipelines`, globalThis.location.origin));

/** In this thread: it already is a worker. */
export const interpolateContours = interpolationBy(async (image, options) =>
  morphologicalContourInterpolation(image as never, { ...options, webWorker: false }),
);
