/** Builds the benchmark's page: the rooms of the application without the application, so that one act can be timed. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { pipelines } from "../../scripts/pipelines.ts";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/",
  plugins: [pipelines()],
  resolve: { alias: { "@": fileURLToPath(new URL("../../src", import.meta.url)) } },
  build: { target: "es2022", emptyOutDir: true, chunkSizeWarningLimit: 1500 },
  worker: { format: "es" },
});
