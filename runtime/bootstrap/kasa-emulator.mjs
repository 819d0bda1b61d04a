/** `npm run kasa-emulator -- --config home.yaml`: runs emulated Kasa devices until it is stopped. */
import { runTool } from "./run-tool.mjs";

await runTool("kasa-emulator", "packages/kasa/dist/emulator/main.js");
