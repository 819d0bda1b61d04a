export * from "./c-header";
export * from "./codec";
export * from "./fields";
export * from "./frame";
export * from "./messages";
