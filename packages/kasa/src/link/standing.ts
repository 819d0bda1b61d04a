/** What is known of a device's connection: kept from what was tried, told when it becomes another, and the words for whoever is let down by it. */
import { hasCode, messageOf, SkeinError, type Clock } from "@skein/kit";
import type { Attempt, Condition, Diagnosis } from "../diagnosis";
import { addressOf } from "../failure";
import { diagnose, hungUp, type Finding } from "./diagnose";
import type { Way } from "./dial";

const KEPT_ATTEMPTS = 12;

export class Standing {
  private now: Diagnosis;
  private hungUpBefore = false;
  private starting = false;

  constructor(
    private readonly clock: Pick<Clock, "now">,
    private readonly changed: (before: Diagnosis) => void,
  ) {
    this.now = { condition: "connecting", since: clock.now(), text: "it is being connected to.", tried: [] };
  }

  get diagnosis(): Diagnosis {
    return this.now;
  }

  get condition(): Condition {
    return this.now.condition;
  }

  /** Whether it was tried to the end, in vain. */
  get isBad(): boolean {
    return this.condition !== "connecting" && this.condition !== "ok";
  }

  /** Whether it answered to the search, and took no connection. */
  get isStarting(): boolean {
    return this.starting;
  }

  connected(tried: readonly Attempt[]): void {
    this.hungUpBefore = false;
    this.become({ condition: "ok", text: "it is connected." }, tried);
  }

  failed(tried: readonly Attempt[]): void {
    const finding = diagnose(tried, this.hungUpBefore);
    this.hungUpBefore = hungUp(tried);
    const seen = tried.some(({ protocol, answer }) => protocol === "discovery" && answer === "ok");
    this.starting = seen && finding.condition === "unreachable";
    this.become(finding, tried);
  }

  /** A connection that ends is no diagnosis yet: most are back at once. */
  lost({ endpoint, protocol }: Way, error: Error): void {
    const answer = hasCode(error) ? error.code : "KASA_CONNECTION_LOST";
    const attempt = { protocol, address: addressOf(endpoint), at: this.clock.now(), answer, text: error.message };
    this.now = { ...this.now, tried: this.remembered([attempt]) };
  }

  /** @param cause what just went wrong, where that says more than the diagnosis */
  refusal(cause?: unknown): SkeinError {
    const { text, hint } = this.now;
    const why = cause === undefined ? text : messageOf(cause);
    return new SkeinError("DEVICE_UNREACHABLE", `the device is not reached: ${why}`, {
      ...(hint !== undefined && { hint }),
      cause,
    });
  }

  private become({ condition, text, hint }: Finding, tried: readonly Attempt[]): void {
    const before = this.now;
    const same = before.condition === condition;
    const since = same ? before.since : this.clock.now();
    this.now = { condition, since, text, ...(hint !== undefined && { hint }), tried: this.remembered(tried) };
    if (!same) this.changed(before);
  }

  private remembered(newer: readonly Attempt[]): readonly Attempt[] {
    const older = this.now.tried.filter((old) => !newer.some((each) => sameWay(each, old)));
    return [...newer, ...older].slice(0, KEPT_ATTEMPTS);
  }
}

const sameWay = (a: Attempt, b: Attempt): boolean => a.protocol === b.protocol && a.address === b.address;
