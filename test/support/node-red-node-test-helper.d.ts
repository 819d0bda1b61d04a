/** What our tests use of Node-RED's test helper, which brings no types. */
declare module "node-red-node-test-helper" {
  import type { Node } from "node-red";
  import type TestAgent = require("supertest/lib/agent");

  interface NodeTestHelper {
    init(runtimePath: string, userSettings?: object): void;
    settings(userSettings: object): object;
    load(nodes: unknown, flows: readonly object[], credentials?: object): Promise<void>;
    setFlows(flows: readonly object[], type?: "full" | "nodes" | "flows"): Promise<void>;
    unload(): Promise<void>;
    getNode(id: string): Node & { on(event: "input", listener: (message: Record<string, unknown>) => void): void };
    startServer(done: () => void): void;
    stopServer(done: () => void): void;
    /** On the admin app, as the editor's dialogs ask. */
    request(): TestAgent;
  }

  const helper: NodeTestHelper;
  export default helper;
}
