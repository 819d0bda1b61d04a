import { readFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../test/support/eventually";
import { startLights, type LitHouse } from "./support/lights";

describe("lights at sunset", () => {
  let house: LitHouse;
  beforeEach(async () => {
    process.env["HOUSE_LOCATION"] = "52.5 13.4";
    house = await startLights("sunset-lights.json", "skein-sunset-when", 1);
    await house.switch(0, { on: false });
  });
  afterEach(async () => {
    delete process.env["HOUSE_LOCATION"];
    await house.close();
  });

  const command = (command: string, name: string) =>
    house.flow.tell("skein-sunset-when", { payload: { command, name } });

  it("go on at the one and off at the other", async () => {
    command("trigger", "on");
    await eventually(() => expect(house.look()).toMatchObject([{ on: true }]));
    await house.told(0, { state: { on: true } });
    command("trigger", "off");
    await eventually(() => expect(house.look()).toMatchObject([{ on: false }]));
  });

  it("the sun is computed here, of where the environment says that the house is", async () => {
    command("status", "on");
    const { result } = (await house.flow.shown("skein-sunset-answer")) as { result: { status: { nextDate: string } } };
    const next = new Date(result.status.nextDate);
    // Berlin's sunset is between 14:53 and 19:33 UTC the year round; a quarter of an hour is taken off.
    const minute = next.getUTCHours() * 60 + next.getUTCMinutes();
    expect(minute).toBeGreaterThan(14 * 60 + 30);
    expect(minute).toBeLessThan(19 * 60 + 25);
  });

  it("the flow itself does not say where the house is", () => {
    const text = readFileSync(join(__dirname, "sunset-lights.json"), "utf8");
    expect(text).toContain('"location": "${HOUSE_LOCATION}"');
  });
});
