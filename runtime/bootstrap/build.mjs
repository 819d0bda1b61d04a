/** `npm run build`: what `npm start` does before it starts. */
import { build, install } from "./prepare.mjs";

const say = (line) => console.log(`  ${line}`);
await install(say);
await build(say);
