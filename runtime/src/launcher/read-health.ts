/** What core says of the house, asked as anybody may ask it. */
import { get as getPlain } from "node:http";
import { get as getByTls } from "node:https";
import type { HouseHealth } from "@skein/contracts";

/** Undefined when there is no answer, or none that is understood. */
export function readHealth(url: string): Promise<Partial<HouseHealth> | undefined> {
  return new Promise((resolve) => {
    const none = () => resolve(undefined);
    const onAnswer = async (answer: AsyncIterable<Buffer>) => {
      let text = "";
      for await (const chunk of answer) text += chunk.toString();
      return JSON.parse(text) as HouseHealth;
    };
    const timeout = 5_000;
    // We ask ourselves, on this machine: the certificate is for the name that others know us by.
    const request = url.startsWith("https:")
      ? getByTls(url, { rejectUnauthorized: false, timeout }, (answer) => void onAnswer(answer).then(resolve, none))
      : getPlain(url, { timeout }, (answer) => void onAnswer(answer).then(resolve, none));
    request.on("error", none).on("timeout", () => request.destroy(new Error("no answer")));
  });
}
