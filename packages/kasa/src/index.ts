export * from "./client";
export * from "./color";
export { idOfMac } from "./device-id";
export * from "./diagnosis";
export { addressOf } from "./failure";
export * from "./kasa-client";
export * from "./model";
export * from "./protocol";
