/** Who may import whom (DESIGN.md): the house's parts meet on the bus, not in each other's code. */
const ours = "^(packages|nodes|runtime|follower-agents)/";
/** A package may import itself, the ones named, and nothing else of ours. */
const only = (name, ...allowed) => ({
  name: `packages-${name}-imports`,
  severity: "error",
  from: { path: `^packages/${name}/src`, pathNot: "\\.test\\.ts$|/testing/" },
  to: { path: ours, pathNot: `^packages/(${[name, ...allowed].join("|")})/` },
});

module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    only("kit"),
    only("contracts"),
    only("bus", "contracts", "kit"),
    only("broker", "contracts", "kit"),
    only("history", "contracts", "kit"),
    only("kasa", "kit"),
    only("stm32-link", "contracts", "kit"),
    only("liveness", "contracts", "kit"),
    only("fleet", "contracts", "kit", "bus", "liveness"),
    only("palette", "contracts", "kit", "bus", "fleet"),
    {
      name: "contracts-only-zod",
      severity: "error",
      from: { path: "^packages/contracts/src", pathNot: "\\.test\\.ts$" },
      to: { path: "node_modules", pathNot: "node_modules/zod/" },
    },
    {
      name: "virtual-home-packages-only",
      severity: "error",
      from: { path: "^packages/virtual-home/src", pathNot: "\\.test\\.ts$" },
      to: { path: "^(nodes|runtime|follower-agents)/" },
    },
    {
      name: "runtime-packages-only",
      severity: "error",
      from: { path: "^runtime/", pathNot: "\\.test\\.tsx?$" },
      to: { path: "^(nodes|follower-agents|test)/" },
    },
    {
      name: "dashboard-contracts-only",
      severity: "error",
      from: { path: "^runtime/dashboard/src", pathNot: "\\.test\\.tsx?$" },
      to: { path: `${ours}|^runtime/src`, pathNot: "^(packages/contracts|runtime/dashboard)/" },
    },
    {
      name: "agents-packages-only",
      severity: "error",
      from: { path: "^follower-agents/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(nodes|runtime|test)/" },
    },
    {
      name: "nodes-packages-only",
      severity: "error",
      from: { path: "^nodes/([^/]+)/", pathNot: "\\.test\\.ts$|/testing/" },
      to: { path: "^(nodes|runtime|follower-agents|test)/", pathNot: "^nodes/$1/" },
    },
    {
      name: "no-tests-in-products",
      severity: "error",
      from: { path: "src/", pathNot: "\\.test\\.tsx?$|/testing/" },
      to: { path: "\\.test\\.tsx?$|/testing/" },
    },
    {
      name: "through-the-index",
      severity: "error",
      from: { path: "^packages/([^/]+)/src", pathNot: "\\.test\\.ts$" },
      to: {
        path: "^packages/[^/]+/src/",
        pathNot:
          "^packages/[^/]+/src/(index|main)\\.ts$|^packages/kasa/src/emulator/index\\.ts$|^packages/kit/src/(child-process|errors)\\.ts$|^packages/$1/",
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(dist|\\.tsbuild|resources)/" },
    tsPreCompilationDeps: true,
    // TypeScript 7 has no API for it yet (it says so at every run); swc sees type-only imports as well.
    parser: "swc",
    tsConfig: { fileName: "tsconfig.depcruise.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default"],
      mainFields: ["types", "main"],
    },
  },
};
