export * from "./bus";
export * from "./bus-address";
export * from "./command-journal";
export * from "./create-bus";
export * from "./create-transport";
export * from "./file-journal";
export { createMemoryTransport } from "./memory";
export { memoryHub, type MemoryHub } from "./memory-hub";
export * from "./transport";
