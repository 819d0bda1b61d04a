export * from "./interface";
export { watchFleet } from "./watch-fleet";
