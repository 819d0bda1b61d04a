/** The privacy switch of a real core on a memory bus; followers are doubles that say what the test has them say. */
import { heartbeat, privacyState, type DataOf } from "@skein/contracts";
import request from "supertest";
import { eventually } from "../../../../test/support/eventually";
import { BOOT_ID, coreOnMemory, type CoreOnMemory } from "../testing/core-on-memory";
import { bearer } from "../testing/owner";
import { sensesOf } from "./senses";

let house: CoreOnMemory;
const heard: DataOf<typeof privacyState>[] = [];
beforeAll(async () => {
  house = await coreOnMemory({ accounts: ["admin", "operator", "viewer"] });
  await house.bus("tool").subscribe(privacyState, {}, ({ data }) => void heard.push(data));
});
afterAll(() => house?.stop());

const get = () => request(house.url).get("/api/v1/privacy").set(bearer(house.logins.viewer));
const put = (on: boolean, as: "operator" | "viewer" = "operator") =>
  request(house.url).put("/api/v1/privacy").set(bearer(house.logins[as])).send({ on });

it("tells every follower at the start that nothing is switched off", async () => {
  await eventually(() => expect(heard.at(-1)).toEqual({ on: false }));
  expect((await get().expect(200)).body).toEqual({ on: false, senses: [] });
});

it("is an operator's to switch, says who did and when, and keeps it over a restart", async () => {
  await put(true, "viewer").expect(403);
  expect((await put(true).expect(200)).body).toMatchObject({ on: true, by: "operator", since: expect.any(Number) });
  const { since } = (await get()).body as { since: number };
  await put(true).expect(200);
  expect((await get()).body).toMatchObject({ since });
  await eventually(() => expect(heard.at(-1)).toMatchObject({ on: true, by: "operator", since }));
  const before = heard.length;
  await house.restart();
  await eventually(() => expect(heard.length).toBeGreaterThan(before));
  expect(heard.at(-1)).toMatchObject({ on: true, since });
  expect((await get()).body).toMatchObject({ on: true, since });
});

it("shows each camera by the follower's own word, and unknown once it is not heard", async () => {
  const hall = await house.follower("hall", {
    virtual: true,
    capabilities: [{ name: "health" }, { name: "made-up-camera", sense: "camera" }],
  });
  const sense = { follower: "hall", capability: "made-up-camera", sense: "camera", virtual: true };
  const shows = (state: string) =>
    eventually(async () => expect((await get()).body).toMatchObject({ senses: [{ ...sense, state }] }));
  await shows("unknown");
  const beat = (condition: "ok" | "off" | "failed") =>
    hall.publish(
      heartbeat,
      { id: "hall" },
      { bootId: BOOT_ID, nextInMs: 5000, capabilities: { health: "ok", "made-up-camera": condition } },
    );
  await beat("ok");
  await shows("on");
  await beat("off");
  await shows("off");
  await hall.close();
  await shows("unknown");
});

it("does not take one that failed for one that is off", () => {
  const verdict = { state: "alive", cause: "beat", since: 0, virtual: false } as const;
  const capabilities = [{ name: "ear", sense: "microphone", condition: "failed" } as const];
  expect(sensesOf([{ id: "a", virtual: false, verdict, capabilities }])).toMatchObject([{ state: "on" }]);
});
