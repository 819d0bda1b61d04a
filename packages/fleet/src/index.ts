export * from "./fleet-watch";
export { watchFleet } from "./watch-fleet";
