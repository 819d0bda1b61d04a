/** How one talks to a device: a session hides cipher, framing and transport behind one JSON request and its answer. */

/** `tpap` is recognised and named, not spoken. */
export const PROTOCOLS = ["xor", "klap-v1", "klap-v2", "aes", "tpap"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** Of the owner's account with the maker. The newer protocols want them even on the LAN. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface Endpoint {
  readonly host: string;
  /** TCP 9999 for XOR, `http_port` (80) for the others. */
  readonly port: number;
}

/**
 * One persistent connection; the caller keeps to one request at a time. A lost connection or session rejects the request that
 * meets it with KASA_CONNECTION_LOST; the session is dead then, its owner connects anew.
 */
export interface Session {
  readonly protocol: Protocol;
  readonly endpoint: Endpoint;
  /**
   * @param request JSON of the family
   * @throws SkeinError KASA_CONNECTION_LOST, KASA_TIMEOUT, KASA_GARBAGE (not understood), KASA_SESSION_TAKEN (another client
   *   invalidated ours twice running), KASA_CREDENTIALS_REFUSED, KASA_PROTOCOL_CHANGED (it answers as another protocol would)
   */
  request(request: object): Promise<object>;
  /** Called once when the connection dies by itself. */
  onClosed(listener: (reason: Error) => void): void;
  close(): void;
}
