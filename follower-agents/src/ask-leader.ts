/**
 * One question to a leader, over http or https. Whom to believe over https: an authority that this Node knows, one of the owner's (a PEM
 * file), or the one certificate that has the fingerprint which the leader's page shows. Node's http and TLS, a megabyte, are loaded by who
 * asks and not by every agent.
 */
import { readFileSync } from "node:fs";
import type { IncomingMessage, RequestOptions } from "node:http";
import { isIP, type Socket } from "node:net";
import { hasCode, messageOf, SkeinError } from "@skein/kit";

export interface LeaderTrust {
  /** A PEM file with the certificate of the authority that signed the leader's. */
  readonly ca?: string | undefined;
  /** SHA-256 of the leader's certificate in hex, with or without colons. */
  readonly fingerprint?: string | undefined;
}

export interface LeaderReply {
  readonly status: number;
  /** Undefined when it is no JSON. */
  readonly body: unknown;
}

/** Longer than a leader takes to have a slow broker let us in. */
const ANSWER_WITHIN_MS = 30_000;

/** @throws SkeinError OPTION_INVALID: the trust is none */
export function checkTrust(address: URL, { ca, fingerprint }: LeaderTrust): void {
  if (ca === undefined && fingerprint === undefined) return;
  const option = ca === undefined ? "--fingerprint" : "--ca";
  if (address.protocol !== "https:")
    throw new SkeinError("OPTION_INVALID", `${option} goes with an address that begins with https://.`);
  if (ca !== undefined) pemOf(ca);
  if (fingerprint !== undefined && !/^[0-9A-F]{64}$/.test(plainFingerprint(fingerprint)))
    throw new SkeinError("OPTION_INVALID", "--fingerprint is no SHA-256: 64 digits and letters from A to F.", {
      hint: "Copy the whole line from the leader's page.",
    });
}

/** Follows no redirection: the code is for this leader and for nobody whom it may name. @throws SkeinError LEADER_UNREACHABLE, LEADER_UNTRUSTED */
export async function askLeader(address: URL, question: unknown, trust: LeaderTrust): Promise<LeaderReply> {
  try {
    const socket = trust.fingerprint === undefined ? undefined : await socketTo(address, trust.fingerprint);
    return await post(address, JSON.stringify(question), {
      ...(trust.ca !== undefined && { ca: pemOf(trust.ca) }),
      ...(socket && { createConnection: () => socket }),
    });
  } catch (error) {
    throw error instanceof SkeinError ? error : notAsked(address, error);
  }
}

async function post(
  address: URL,
  body: string,
  options: Pick<RequestOptions, "createConnection"> & { readonly ca?: string },
): Promise<LeaderReply> {
  // Over a socket that speaks TLS already, it is a plain request.
  const byTls = address.protocol === "https:" && !options.createConnection;
  const { request: send } = byTls ? await import("node:https") : await import("node:http");
  return new Promise((resolve, reject) => {
    const request = send(
      {
        ...options,
        protocol: byTls ? "https:" : "http:",
        host: bareHost(address),
        port: portOf(address),
        path: address.pathname,
        method: "POST",
        headers: { host: address.host, "content-type": "application/json", "content-length": Buffer.byteLength(body) },
        ...(options.createConnection ? {} : { agent: false }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      },
      (answer) => void replyOf(answer).then(resolve, reject),
    );
    request.on("error", reject);
    request.end(body);
  });
}

async function replyOf(answer: IncomingMessage): Promise<LeaderReply> {
  let text = "";
  for await (const chunk of answer.setEncoding("utf8")) text += String(chunk);
  return { status: answer.statusCode ?? 0, body: jsonOf(text) };
}

/** Nothing is sent before the certificate is known to be the one: the code would be a stranger's. */
async function socketTo(address: URL, fingerprint: string): Promise<Socket> {
  const { connect } = await import("node:tls");
  return new Promise((resolve, reject) => {
    const host = bareHost(address);
    const socket = connect({
      host,
      port: portOf(address),
      ...(isIP(host) === 0 && { servername: host }),
      // Judged below, by this very certificate and nothing else.
      rejectUnauthorized: false,
    });
    const late = AbortSignal.timeout(ANSWER_WITHIN_MS);
    late.addEventListener("abort", () => socket.destroy(new Error("no answer")), { once: true });
    socket.once("error", reject);
    socket.once("secureConnect", () => {
      const shown = plainFingerprint(socket.getPeerCertificate().fingerprint256);
      if (shown === plainFingerprint(fingerprint)) return resolve(socket);
      socket.destroy();
      reject(
        new SkeinError("LEADER_UNTRUSTED", `what answers at ${address.origin} shows another certificate: ${shown}.`, {
          hint: "Let the page make another code: its certificate may be new. If it is not, somebody stands between this machine and the leader.",
        }),
      );
    });
  });
}

const plainFingerprint = (text: string): string => text.replaceAll(/[:\s]/g, "").toUpperCase();
const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, "$1");
const portOf = ({ port, protocol }: URL): number => Number(port) || (protocol === "https:" ? 443 : 80);

function pemOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new SkeinError("OPTION_INVALID", `--ca: cannot read ${file}: ${messageOf(error)}.`, { cause: error });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** OpenSSL's words for a certificate that it does not believe: DEPTH_ZERO_SELF_SIGNED_CERT, UNABLE_TO_VERIFY_LEAF_SIGNATURE. */
const isDistrust = (error: unknown): boolean => hasCode(error) && /CERT|SIGNATURE/.test(error.code);

function notAsked({ origin }: URL, error: unknown): SkeinError {
  const why = messageOf(error) || (hasCode(error) ? error.code : "no connection");
  if (isDistrust(error))
    return new SkeinError("LEADER_UNTRUSTED", `the certificate of ${origin} is not believed here: ${why}.`, {
      hint: "Copy the whole line from the leader's page, with --fingerprint; or name the PEM file of the authority that signed it with --ca.",
      cause: error,
    });
  return new SkeinError("LEADER_UNREACHABLE", `no leader answers at ${origin}: ${why}.`, {
    hint: "Is it the address that the leader's page shows, and is the leader open to the network (http.host in its skein.yaml)?",
    cause: error,
  });
}
