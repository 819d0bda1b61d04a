/** How somebody is sent away from the editor or a flow's route: a person's browser to the page's login, a program with a problem. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { PROBLEM_TYPE, problem } from "../api/problem";
import type { Refusal } from "./gate";

export function sendRefusal(req: IncomingMessage, res: ServerResponse, { code, message }: Refusal): void {
  const { status, body } = problem({ code, detail: message });
  res.setHeader("cache-control", "no-store");
  // What it sends is not read: the connection goes with it.
  res.setHeader("connection", "close");
  const isPage = opensPage(req);
  if (isPage && status === 401) return void res.writeHead(302, { location: "/#login" }).end();
  if (status === 401) res.setHeader("www-authenticate", "Bearer");
  res.writeHead(status, { "content-type": isPage ? "text/html; charset=utf-8" : PROBLEM_TYPE });
  res.end(isPage ? page(message) : body);
}

/** Somebody opens the editor in a tab. What the editor's own code fetches asks for JSON, or for anything. */
const opensPage = ({ method, url, headers }: IncomingMessage): boolean =>
  method === "GET" && (url ?? "").startsWith("/editor") && (headers.accept?.includes("text/html") ?? false);

const page = (why: string): string => `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Skein: not for this account</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1rem;color-scheme:light dark}</style>
<h1>The editor is for designers</h1>
<p>${escaped(why)}</p><p>What is deployed there is code that runs on the leader. An admin of the house can change your role. <a href="/">Back to the house</a></p></html>
`;

const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
