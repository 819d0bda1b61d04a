export * from "./device-emulator";
export * from "./emulator";
export * from "./home";
