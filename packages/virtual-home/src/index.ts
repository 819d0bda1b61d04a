export { startVirtualHome, type HomeParts, type VirtualHome } from "./home";
export * from "./init";
export type { MadeUpHost } from "./made-up-host";
export * from "./relay";
