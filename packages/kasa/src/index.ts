export * from "./client";
export * from "./diagnosis";
export * from "./model";
export * from "./protocol";
