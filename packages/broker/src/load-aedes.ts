/**
 * Aedes 1 is an ES module and this package is CommonJS. Node (20.19 and later) can `require` it. It is asked through Node's main
 * context and not by `import()` or `require` here, because jest replaces both in the context of a test and would know only CommonJS.
 */
import { runInThisContext } from "node:vm";
import type * as AedesModule from "aedes" with { "resolution-mode": "import" };

export type { Aedes, Client, PublishPacket, Subscription } from "aedes" with { "resolution-mode": "import" };

export function loadAedes(): typeof AedesModule.Aedes {
  const { createRequire } = runInThisContext("process.getBuiltinModule('node:module')") as typeof import("node:module");
  return (createRequire(__filename)("aedes") as typeof AedesModule).Aedes;
}
