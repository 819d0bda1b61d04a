export * from "./bus-node";
