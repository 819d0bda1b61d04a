/** Where the page is found, and whom to believe about where a request comes from. */
import { isIP } from "node:net";
import { compile } from "proxy-addr";
import { z } from "zod";
import { port } from "./fields";

function isProxy(text: string): boolean {
  try {
    compile(text);
    return true;
  } catch {
    return false;
  }
}

export const httpSettings = z
  .strictObject({
    /**
     * An address of this machine where browsers on others find the page; `0.0.0.0` is every one, `::` also the IPv6 ones. Default:
     * this machine alone. Others are let in only when the owner has a password.
     */
    host: z
      .string()
      .default("127.0.0.1")
      .transform((host) => (host === "localhost" ? "127.0.0.1" : host))
      .refine((host) => isIP(host) !== 0, "must be an IP address of this machine, or 0.0.0.0 for every one"),
    /** Default 1880, in the demo 1890. */
    port: port.optional(),
    /** Further names under which a browser may reach this leader (through a proxy on this machine): `name` or `name:port`. */
    allowedHosts: z
      .array(z.string().regex(/^[a-z0-9.-]+(:\d+)?$/i, "a host name, or name:port"))
      .max(32)
      .default([]),
    /** With it the page is there by https alone. Paths of PEM files, read again when they change. */
    tls: z
      .strictObject({
        /** With the certificates between it and an authority that browsers know, if any. */
        cert: z.string(),
        key: z.string(),
        /** Browsers that were here once do not come without TLS for a year (Strict-Transport-Security): hard to take back. */
        hsts: z.boolean().default(false),
      })
      .optional(),
    /**
     * Proxies whose word on where a request comes from counts (X-Forwarded-For, -Proto, -Host): addresses, ranges as
     * `10.0.0.0/8`, or `loopback`. Never one that strangers reach past it.
     */
    trustedProxies: z
      .array(z.string().refine(isProxy, "must be an address, a range as 10.0.0.0/8, or loopback"))
      .max(32)
      .default([]),
  })
  .prefault({});
