/** Who may import whom in the browser: the same idea as the import contracts of the server. */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "A cycle hides which of two rooms is the lower one.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "one-user-of-the-viewer-library",
      comment: "Only src/viewer knows NiiVue; everybody else speaks to the Viewer port.",
      severity: "error",
      from: { pathNot: "^src/viewer/" },
      to: { path: "niivue" },
    },
    {
      name: "labels-are-pure",
      comment: "Edits, history and brushes run without React, DOM libraries, network or viewer.",
      severity: "error",
      from: { path: "^src/labels/" },
      to: { pathNot: "^src/labels/" },
    },
    {
      name: "tools-know-labels-only",
      comment: "A tool turns a gesture into an edit; it knows no page, network or picture library.",
      severity: "error",
      from: { path: "^src/tools/" },
      to: { pathNot: "^src/(tools|labels)/" },
    },
    {
      name: "worker-knows-labels-only",
      comment: "The background worker computes on labels; it knows no page, no network client and no viewer.",
      severity: "error",
      from: { path: "^src/worker/" },
      to: { path: "^src/", pathNot: "^src/(worker|labels)/" },
    },
    {
      name: "viewer-knows-labels-only",
      comment: "The viewer draws labels; it knows no page, no network client and no tool.",
      severity: "error",
      from: { path: "^src/viewer/" },
      to: { path: "^src/", pathNot: "^src/(viewer|labels)/" },
    },
    {
      name: "api-is-the-ground-floor",
      severity: "error",
      from: { path: "^src/api/" },
      to: { path: "^src/", pathNot: "^src/api/" },
    },
    {
      name: "rooms-do-not-import-pages",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(pages|app|main)" },
      to: { path: "^src/(pages|main)" },
    },
    {
      name: "pages-do-not-import-each-other",
      comment: "Pages share through lower rooms; only the routes table knows them all.",
      severity: "error",
      from: { path: "^src/pages/([^/]+)/" },
      to: { path: "^src/pages/([^/]+)/", pathNot: "^src/pages/($1|shared)/" },
    },
    {
      name: "figures-load-late",
      comment: "Vega is large: import it only with import().",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "node_modules/vega", dependencyTypesNot: ["type-only"], dynamic: false },
    },
    {
      name: "not-to-test-tools",
      severity: "error",
      from: { path: "^src/", pathNot: "\\.test\\.tsx?$" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "\\.(css|svg|png)$" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
    },
  },
};
