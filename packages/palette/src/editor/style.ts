/** The palette's one group and its colours: by family, light enough for Node-RED's dark labels in both of its themes. */
import type { EditorRED } from "node-red";

declare const RED: EditorRED;

export const CATEGORY = "Skein";

export const COLOURS = {
  /** The bus itself. */
  bus: "#9db9d9",
  /** Who is there and how they are. */
  presence: "#a3c9a0",
  /** What is said to people, and what they ask for. */
  people: "#dcc29a",
  /** Lights and what else is switched. */
  lights: "#e8d174",
  /** Boards: what moves, and what measures. */
  peripherals: "#c9b1d6",
} as const;

/** A request to a node's own route. jQuery bears Node-RED's token, and a relative address keeps the editor's root. */
export function ask<T>(path: string, method: "GET" | "POST" = "GET", body?: object): Promise<T> {
  return new Promise((resolve, reject) => {
    const sent = body && { data: JSON.stringify(body), contentType: "application/json" };
    $.ajax({ url: path, method, dataType: "json", ...sent })
      .done((answer: T) => resolve(answer))
      .fail((request: JQuery.jqXHR) => {
        const said = request.responseJSON as { message?: string } | undefined;
        reject(new Error(said?.message ?? request.statusText));
      });
  });
}

/** The red frame of a setting that Node-RED does not look at itself, and on it what is wrong; undefined takes it away. */
export function markWrong(input: JQuery, why: string | undefined): void {
  const wrong = why !== undefined;
  input.add(input.next(".red-ui-typedInput-container")).toggleClass("input-error", wrong);
  input.attr({ "aria-invalid": String(wrong), title: why ?? "" });
}

/** Shown as text, never as markup: names and messages come from the bus. */
export const notify = (message: string, type: "success" | "error"): void =>
  void RED.notify($("<span>").text(message).html(), { type, timeout: 5000 });
