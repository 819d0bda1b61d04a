export * from "./client";
export * from "./color";
export * from "./diagnosis";
export * from "./kasa-client";
export * from "./model";
export * from "./protocol";
