/** `npm run hub-conformance -- --port /dev/ttyACM0`: tries whether a board keeps to docs/link.md. */
import { runTool } from "./run-tool.mjs";

await runTool("hub-conformance", "packages/stm32-link/dist/conformance/main.js");
