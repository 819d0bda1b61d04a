import { scrollBack } from "./arrival";

/** A browser's window over a page of `height`, which tells of its growth. */
function windowOver(height: number) {
  const parts = { height, scrollY: 0, grown: () => {} };
  const window = {
    get scrollY() {
      return parts.scrollY;
    },
    scrollTo: (_x: number, y: number) => void (parts.scrollY = Math.min(y, parts.height)),
    addEventListener: () => {},
    removeEventListener: () => {},
  };
  class ResizeObserver {
    constructor(grown: () => void) {
      parts.grown = grown;
    }
    observe() {}
    disconnect() {
      parts.grown = () => {};
    }
  }
  Object.assign(globalThis, { window, ResizeObserver, document: { body: {} } });
  return {
    grow(to: number) {
      parts.height = to;
      parts.grown();
    },
    scrolled: () => parts.scrollY,
  };
}

describe("a way back", () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it("scrolls down as far as the page was left, while it is still being filled", () => {
    const { grow, scrolled } = windowOver(100);
    scrollBack(500);
    grow(300);
    expect(scrolled()).toBe(300);
    grow(900);
    expect(scrolled()).toBe(500);
  });

  it("gives up on a page that is not so long any more: what it becomes later moves nobody", () => {
    const { grow, scrolled } = windowOver(100);
    scrollBack(500);
    jest.advanceTimersByTime(2_000);
    grow(900);
    expect(scrolled()).toBe(100);
  });
});
