/** The page at /api/ on which the API is tried, in a browser that is logged in. */
import { startBrowser, type TestBrowser } from "../support/browser";
import { coreOnMemory, type CoreOnMemory } from "../../runtime/src/core/testing/core-on-memory";

let house: CoreOnMemory;
let browser: TestBrowser;
beforeAll(async () => {
  [house, browser] = await Promise.all([coreOnMemory(), startBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await house?.stop();
});

it("lists the routes and carries one out with the browser's own session", async () => {
  const cookie = { name: `skein_session_${house.port}`, value: house.owner.session };
  const page = await browser.open(`${house.url}/api`, { cookie });
  const me = page.locator("#operations-me-getMe");
  await me.locator("button.opblock-summary-control").click();
  await me.getByRole("button", { name: "Try it out" }).click();
  await me.getByRole("button", { name: "Execute" }).click();
  await me.locator(".live-responses-table").getByText('"owner"').first().waitFor();
  expect(browser.errors).toEqual([]);
});
