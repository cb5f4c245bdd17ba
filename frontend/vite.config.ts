import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { compressed } from "./scripts/compressed.ts";
import { pipelines } from "./scripts/pipelines.ts";

const BACKEND = process.env.OVERREAD_BACKEND ?? "http://127.0.0.1:8000";

/** Browsers that know light-dark(): compiled for older ones, it would lose its colours. */
const CSS_TARGET = ["chrome123", "edge123", "firefox120", "safari17.5"];

/** Django serves `dist/` under `/static/app/` and `dist/index.html` for every page of the application. */
export default defineConfig(({ command }) => ({
  base: command === "build" ? "/static/app/" : "/",
  plugins: [react(), pipelines(), compressed()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "dist",
    sourcemap: false,
    chunkSizeWarningLimit: 1500,
    target: "es2022",
    cssTarget: CSS_TARGET,
  },
  server: {
    proxy: Object.fromEntries(
      // Django compares the page's origin with the host: the host must stay the one in the address bar.
      ["/api", "/_allauth"].map((path) => [path, { target: BACKEND, changeOrigin: false }]),
    ),
  },
  worker: { format: "es" },
  test: {
    environment: "jsdom",
    include: ["tests/**/*.test.{ts,tsx}", "src/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/setup.ts"],
    testTimeout: 60_000, // property tests take what a busy machine gives them
    maxWorkers: 1,
    benchmark: { include: ["benchmarks/**/*.bench.ts"] },
  },
}));
