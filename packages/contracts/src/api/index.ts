/** What the leader's HTTP API and the page's socket say, one resource a file; core, dashboard, agents and tests import these. */
export * from "./access";
export * from "./accounts";
export * from "./care";
export * from "./devices";
export * from "./events";
export * from "./flows-api";
export * from "./hooks";
export * from "./joining";
export * from "./live";
export * from "./notices";
export * from "./problem";
export * from "./registry";
export * from "./series";
