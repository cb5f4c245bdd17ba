/** Give the WebAssembly of the contour interpolation with our own files: nothing is loaded from elsewhere. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const PACKAGE = "@itk-wasm/morphological-contour-interpolation";
const FOLDER = join(dirname(createRequire(import.meta.url).resolve(PACKAGE)), "pipelines");
const FILES = ["morphological-contour-interpolation.js", "morphological-contour-interpolation.wasm.zst"];

/** Put the files into `pipelines/` of the build, and serve them from there while developing. */
export function pipelines(): Plugin {
  return {
    name: "pipelines",
    async generateBundle() {
      for (const file of FILES) {
        this.emitFile({
          type: "asset",
          fileName: `pipelines/${file}`,
          source: await readFile(join(FOLDER, file)),
        });
      }
    },
    configureServer(server) {
      for (const file of FILES) {
        server.middlewares.use(`/pipelines/${file}`, async (_request, response) => {
          if (file.endsWith(".js")) response.setHeader("Content-Type", "text/javascript");
          response.end(await readFile(join(FOLDER, file)));
        });
      }
    },
  };
}
