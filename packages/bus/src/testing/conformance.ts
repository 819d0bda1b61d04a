import { commandTests } from "./command-tests";
import { deliveryTests } from "./delivery";
import { limitTests } from "./limits";
import { presenceTests } from "./presence";
import { reconnectTests } from "./reconnect";
import { type Row, Stage, type TestBroker } from "./stage";

/**
 * What every transport must do, whatever carries it. A new transport is a row; it is done when it passes.
 */
export function describeTransport(row: Row): void {
  describe(`the bus over ${row.name}`, () => {
    let broker: TestBroker;
    let current: Stage;
    const stage = () => current;

    beforeAll(async () => {
      broker = await row.start();
    });
    afterAll(() => broker.close());
    beforeEach(() => {
      current = new Stage(broker);
    });
    afterEach(async () => {
      // A test that failed may have left the broker down.
      await broker.start();
      await current.end();
    });

    describe("delivers", () => deliveryTests(stage));
    describe("knows who is there", () => presenceTests(stage, row));
    describe("comes back", () => reconnectTests(stage));
    describe("has limits", () => limitTests(stage));
    describe("carries commands", () => commandTests(stage));
  });
}
