/** `npm run build`: what `npm start` does before it starts. */
import { build, install } from "./prepare.mjs";

const say = (line) => console.log(`  ${line}`);
try {
  await install(say);
  await build(say);
} catch (error) {
  console.error(`skein: ${error.message}`);
  process.exit(1);
}
