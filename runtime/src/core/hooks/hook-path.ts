/**
 * Which of a flow's routes a request is for, as Node-RED's express 4 will find it: whole segments, any case, with or without a slash
 * at the end. Only plain patterns (names and `:parameters`) can be opened, and only plain paths are let through at all, so that what
 * was decided on here is what is served there. Pure.
 */
import type { Hook } from "@skein/contracts";

/** An encoded slash, backslash, dot or NUL, dot segments, empty segments, what is no printable ASCII, and half an encoding. */
const ODD = /%(2f|5c|2e|00)|%(?![0-9a-f]{2})|\\|\/\/|\/\.{1,2}(\/|$)|[^\x21-\x7e]/i;
/** What express 4 reads as part of a regular expression, or what is a parameter beside other characters. */
const NOT_PLAIN = /[*+?()$!&',;=]|[^/]:|:\w*[^\w/]|:(\/|$)/;

/** The path that express will match, below `/hooks` and without the query; undefined when it is an odd one. */
export function hookPath(url = ""): string | undefined {
  const path = url.split("?", 1)[0] ?? "";
  if (ODD.test(path) || !/^\/hooks(\/|$)/.test(path)) return undefined;
  return path.slice("/hooks".length) || "/";
}

/** Whether a route that is written so can be opened. */
export const isPlain = (pattern: string): boolean => !NOT_PLAIN.test(pattern) && !ODD.test(pattern);

/** What HTTP's method and the way of asking are as a hook's. */
export function hookMethodOf(method = "GET", isUpgrade: boolean): string {
  if (isUpgrade) return "ws";
  // express answers HEAD by what is there for GET.
  return method === "HEAD" ? "get" : method.toLowerCase();
}

/** `path`: of `hookPath`. */
export function opens(hook: Hook, method: string, path: string): boolean {
  if (hook.method !== method || !isPlain(hook.path)) return false;
  const wanted = segments(hook.path);
  const given = segments(path);
  return (
    wanted.length === given.length &&
    wanted.every((segment, index) =>
      segment.startsWith(":") ? given[index] !== "" : segment.toLowerCase() === given[index]?.toLowerCase(),
    )
  );
}

const segments = (path: string): string[] => path.replace(/^\//, "").replace(/\/$/, "").split("/");
