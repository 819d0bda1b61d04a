export * from "./atomic-file";
export * from "./clock";
export * from "./errors";
export * from "./ids";
export * from "./logger";
export * from "./random";
export * from "./retry";
export * from "./settings";
