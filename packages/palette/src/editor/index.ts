/** What the dialogs of all Skein nodes share, in the browser. */
export * from "./bus-select";
export * from "./followers";
export * from "./style";
export * from "./register";
export * from "../pattern";
