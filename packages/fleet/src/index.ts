export * from "./fleet-watch";
