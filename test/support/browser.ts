import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

/**
 * Debian's Chromium for the tests, without a download of its own. Every page collects what went wrong in it, so that a test
 * can say that nothing did.
 */
const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface TestBrowser {
  /** A page in a context of its own: nothing is shared with another page. */
  open(url: string, options?: OpenOptions): Promise<Page>;
  /** Exceptions thrown in any page since the start, but for those within Node-RED's own editor code. */
  readonly errors: readonly string[];
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  readonly reducedMotion?: boolean;
  /** As a phone: two device pixels a pixel, touch. */
  readonly phone?: boolean;
  /** Of a session: `leader.cookie`. */
  readonly cookie?: { readonly name: string; readonly value: string };
  /** Every file of the page comes from the leader, as over plain HTTP. */
  readonly noServiceWorker?: boolean;
  /** The browser's language: `de-DE`. */
  readonly locale?: string;
  /** Believes any certificate, as somebody who has clicked the browser's warning away. */
  readonly anyCertificate?: boolean;
}

export async function startBrowser(): Promise<TestBrowser> {
  const browser: Browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
  const contexts = new Set<BrowserContext>();
  const errors: string[] = [];
  return {
    errors,
    async open(url, options = {}) {
      const context = await browser.newContext({
        viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
        colorScheme: options.dark ? "dark" : "light",
        reducedMotion: options.reducedMotion ? "reduce" : "no-preference",
        ...(options.locale ? { locale: options.locale } : {}),
        ...(options.noServiceWorker ? { serviceWorkers: "block" } : {}),
        ...(options.anyCertificate ? { ignoreHTTPSErrors: true } : {}),
        ...(options.phone ? { deviceScaleFactor: 2, hasTouch: true } : {}),
      });
      contexts.add(context);
      // Of the whole house, as the leader sets it: by a page's address it would be that folder's alone.
      const whole = { url: new URL(url).origin, httpOnly: true, sameSite: "Lax" } as const;
      if (options.cookie) await context.addCookies([{ ...options.cookie, ...whole }]);
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      page.on("pageerror", (error) => {
        if (!onlyNodeRed(error.stack ?? "")) errors.push(`${page.url()}: ${error.stack ?? error.message}`);
      });
      await page.goto(url, { waitUntil: "domcontentloaded" });
      return page;
    },
    async close() {
      await Promise.all([...contexts].map((context) => context.close().catch(() => {})));
      await browser.close();
    },
  };
}

/** Node-RED's editor has slips of its own (a tooltip for what is no longer there): an error is ours when any frame is. */
function onlyNodeRed(stack: string): boolean {
  const frames = stack.split("\n").filter((line) => /https?:/.test(line));
  return frames.length > 0 && frames.every((line) => /\/editor\/(red|vendor)\//.test(line));
}

/** Where the README's pictures are kept; taken only when asked, since every run would change every byte of them. */
const PICTURES = join(__dirname, "../../docs/pictures");

/** Takes a picture for the README when SKEIN_PICTURES=1, else does nothing. */
export async function picture(page: Page, name: string, options: { fullPage?: boolean } = {}): Promise<void> {
  if (process.env.SKEIN_PICTURES !== "1") return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), ...options });
}
