export * from "./bus";
export * from "./command-journal";
export * from "./create-bus";
export * from "./transport";
