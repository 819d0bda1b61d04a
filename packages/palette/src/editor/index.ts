/** What the dialogs of all Skein nodes share, in the browser. */
export * from "./bus-select";
export * from "./house";
export * from "./live-list";
export * from "./style";
export * from "./register";
export * from "../pattern";
