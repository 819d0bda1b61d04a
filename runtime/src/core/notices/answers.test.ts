/** Buttons under a notice: who may press them, once, and what their flow hears of it. */
import type { NewEvent } from "@skein/contracts";
import { SkeinError, systemClock } from "@skein/kit";
import request from "supertest";
import { codeOf, noticesHouse, PAGE, twoButtons, type NoticesHouse } from "../../../../test/support/notices-house";
import { createAnswers } from "./answers";
import type { NoticeRecord } from "./record";
import type { NoticeStore } from "./store";

describe("notices", () => {
  let home: NoticesHouse;
  beforeAll(async () => (home = await noticesHouse()));
  beforeEach(() => home.reset());
  afterAll(() => home?.stop());

  it("are answered once, by whom, and the flow whose they are has it before anybody is told so", async () => {
    const { id } = await home.said({ text: "cv-1 died", actions: twoButtons, node: "node-1", mark: "m" });
    const { body } = await home.post(`/notices/${id}/answer`, { action: "restart" }, "operator").expect(200);
    expect(body).toMatchObject({ id, answered: { action: "restart", by: "operator" } });
    expect(home.answers).toEqual([
      { notice: id, node: "node-1", mark: "m", action: twoButtons[0], by: "operator", at: expect.any(Number) },
    ]);
    expect(codeOf(await home.post(`/notices/${id}/answer`, { action: "leave" }))).toEqual([409, "NOTICE_CLOSED"]);
    expect(home.answers).toHaveLength(1);
  });

  it("can be answered again when the flow did not take it", async () => {
    const { id } = await home.said({ text: "cv-1 died", actions: twoButtons, node: "node-1" });
    home.take = () => {
      throw Object.assign(new Error("the node is gone"), { code: "NOTICE_NODE_GONE" });
    };
    expect(codeOf(await home.post(`/notices/${id}/answer`, { action: "leave" }))).toEqual([409, "NOTICE_NODE_GONE"]);
    home.take = () => {};
    await home.post(`/notices/${id}/answer`, { action: "leave" }).expect(200);
  });

  it("are answered from a phone by their own key, and by no other", async () => {
    const { id } = await home.said({ text: "Door?", severity: "alarm", actions: twoButtons, node: "n" });
    const { actions } = JSON.parse(home.ntfy.requests[0]?.body.toString() ?? "") as {
      actions: { url: string; body: string }[];
    };
    const [button] = actions;
    expect(button?.url).toBe(`${PAGE}/api/v1/notices/${id}/press`);
    const press = (body: object) => request(home.core.url).post(`/api/v1/notices/${id}/press`).send(body);
    const wrong = await press({ action: "restart", key: "another" });
    expect(codeOf(wrong)).toEqual([404, "NOTICE_UNKNOWN"]);
    // Word for word what is said of one that is not there: whoever guesses learns nothing.
    const none = await request(home.core.url)
      .post("/api/v1/notices/none/press")
      .send({ action: "restart", key: "another" });
    expect(none.body).toEqual(JSON.parse(JSON.stringify(wrong.body).replaceAll(id, "none")));
    expect(home.answers).toEqual([]);
    await press(JSON.parse(button?.body ?? "") as object).expect(200);
    expect(home.answers).toMatchObject([{ action: { id: "restart" }, by: "ntfy" }]);
    expect(codeOf(await press(JSON.parse(button?.body ?? "") as object))).toEqual([409, "NOTICE_CLOSED"]);
  });

  it("are put away, and take no answer then", async () => {
    const { id } = await home.said({ text: "x", actions: twoButtons, node: "n" });
    expect((await home.post(`/notices/${id}/dismiss`, {}, "operator").expect(200)).body).toMatchObject({
      id,
      dismissedAt: expect.any(Number),
    });
    expect(codeOf(await home.post(`/notices/${id}/answer`, { action: "leave" }))).toEqual([409, "NOTICE_CLOSED"]);
  });

  it.each`
    why                                       | who           | path                     | body                     | expected
    ${"a viewer may look, and press nothing"} | ${"viewer"}   | ${"/notices/ID/answer"}  | ${{ action: "leave" }}   | ${[403, "ACCESS_DENIED"]}
    ${"nor put away"}                         | ${"viewer"}   | ${"/notices/ID/dismiss"} | ${{}}                    | ${[403, "ACCESS_DENIED"]}
    ${"a button that is not there"}           | ${"operator"} | ${"/notices/ID/answer"}  | ${{ action: "explode" }} | ${[404, "NOTICE_ACTION_UNKNOWN"]}
    ${"a notice that is not there"}           | ${"operator"} | ${"/notices/no/answer"}  | ${{ action: "leave" }}   | ${[404, "NOTICE_UNKNOWN"]}
    ${"more than was asked for"}              | ${"operator"} | ${"/notices/ID/answer"}  | ${{ action: "x", y: 1 }} | ${[400, "REQUEST_INVALID"]}
  `(
    "refuse $why",
    async ({ who, path, body, expected }: { who: "viewer"; path: string; body: object; expected: unknown }) => {
      const { id } = await home.said({ text: "x", actions: twoButtons, node: "n" });
      expect(codeOf(await home.post(path.replace("ID", id), body, who))).toEqual(expected);
      expect(home.answers).toEqual([]);
    },
  );
});

it("notes who pressed a button though no flow has said that it has it", async () => {
  const record = {
    id: "n",
    text: "Door?",
    actions: twoButtons,
    origin: { host: "flow-host", node: "x" },
  } as NoticeRecord;
  const events: NewEvent[] = [];
  const answers = createAnswers({
    bus: { request: () => Promise.reject(new SkeinError("REQUEST_TIMEOUT", "no answer.")) },
    clock: systemClock,
    store: { get: () => record } as unknown as NoticeStore,
    events: { add: (event) => void events.push(event) },
    changed: () => {},
  });
  const anna = { id: "anna", name: "Anna", role: "operator" } as const;
  const actor = { by: "session", account: anna, scopes: [], address: "10.0.0.7" } as const;
  await expect(answers.answer("n", "leave", actor)).rejects.toMatchObject({ code: "FLOW_HOST_AWAY" });
  expect(events).toMatchObject([{ type: "notice-unheard", audit: true, actor: "anna", address: "10.0.0.7" }]);
});
