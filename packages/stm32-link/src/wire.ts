/** The line to a board, whatever it is made of. */
export interface Wire {
  /** Handed over; an error of the line ends it (`onClosed`). */
  write(bytes: Uint8Array): void;
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Called once; `reason` is undefined when `close` was called. */
  onClosed(listener: (reason: Error | undefined) => void): void;
  close(): Promise<void>;
}

/** Opens the line anew. @throws SkeinError HUB_LINE_UNUSABLE */
export type OpenWire = () => Promise<Wire>;
