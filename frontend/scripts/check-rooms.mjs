/** Check who imports whom, and fail when nothing was checked: an empty pass is a broken tool, not a clean house. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";

const FEWEST_MODULES = 10;
const require = createRequire(import.meta.url);
const rules = require("../.dependency-cruiser.cjs");

const { output } = await cruise(
  ["src"],
  { ...rules.options, ruleSet: { forbidden: rules.forbidden }, validate: true },
  {},
  { tsConfig: extractTSConfig(new URL("../tsconfig.json", import.meta.url).pathname) },
);
const own = output.modules.filter((module) => module.source.startsWith("src/"));
for (const { from, to, rule } of output.summary.violations) {
  console.error(`${rule.severity} ${rule.name}: ${from} → ${to}`);
}
if (own.length < FEWEST_MODULES) {
  console.error(
    `Only ${own.length} modules were checked: dependency-cruiser did not understand the sources.`,
  );
  process.exit(1);
}
const dependencies = own.reduce((sum, module) => sum + module.dependencies.length, 0);
if (dependencies < own.length / 2) {
  console.error(
    `${own.length} modules, but only ${dependencies} imports were seen: the check saw no imports.`,
  );
  process.exit(1);
}
const { name } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
console.log(
  `${name}: ${own.length} modules and ${dependencies} imports checked, ${output.summary.error} errors.`,
);
process.exit(output.summary.error > 0 ? 1 : 0);
