export * from "./limits";
export { initialMemory, type Memory, type Remembered } from "./memory";
export type { Effect, Life, Moment, Observation } from "./observation";
export * from "./rhythm";
export * from "./step";
