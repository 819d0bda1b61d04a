/** The board's side of the one table: firmware/gen/link_messages.h, made by `npm run generate`. */
import type { Field } from "./fields";
import { FRAME_VERSION, MOST_BODY } from "./frame";
import { channelFlags, events, faults, messages, refusals, resetCauses, settings, VERSION } from "./messages";
import { vectors } from "./vectors";

export function cHeader(): string {
  const parts = [
    `/* Messages between host and board. Made from packages/stm32-link/src/messages.ts by \`npm run generate\`; a change belongs there. */
#ifndef LINK_MESSAGES_H
#define LINK_MESSAGES_H

#define LINK_MAJOR ${VERSION.major}u
#define LINK_MINOR ${VERSION.minor}u
#define LINK_FRAME_VERSION ${FRAME_VERSION}u
#define LINK_MOST_BODY ${MOST_BODY}u`,
  ];
  for (const [name, { type, from, says, fields }] of Object.entries(messages)) {
    const constant = `LINK_${snake(name)}`;
    parts.push(
      [
        comment(`${name}, from the ${from}. ${says}`),
        `#define ${constant} ${hex(type)}u`,
        ...Object.entries<Field>(fields).flatMap(([field, { key, most, says: meaning, kind, optional }]) => [
          `#define ${constant}_${snake(field)} ${key}u ${trailing(`${optional ? "optional " : ""}${kind}: ${meaning}`)}`,
          ...(most === undefined ? [] : [`#define ${constant}_${snake(field)}_MOST ${most}u`]),
        ]),
      ].join("\n"),
    );
  }
  parts.push(
    codes("Why the board says no.", "REFUSAL", refusals),
    codes("What happened.", "EVENT", events),
    codes("Why a value cannot be had.", "FAULT", faults),
    codes("Why the board started.", "RESET", resetCauses),
    codes("What the board keeps over a loss of power.", "SETTING", settings),
    codes("Of a channel; summed.", "FLAG", channelFlags),
    "#endif\n",
  );
  return parts.join("\n\n");
}

/** firmware/gen/link_vectors.h: the firmware's tests decode and encode what the host does. */
export function cVectors(): string {
  return `/* Frames as the host writes and reads them. Made from packages/stm32-link/src/vectors.ts by \`npm run generate\`. */
#ifndef LINK_VECTORS_H
#define LINK_VECTORS_H

struct link_vector {
    const char *message;
    unsigned type, seq, ack;
    const char *body; /* hexadecimal */
    const char *line; /* hexadecimal, with the zero at its end */
};

static const struct link_vector link_vectors[] = {
${vectors()
  .map(
    ({ message, seq, ack, body, line }) =>
      `    {"${message}", ${hex(messages[message].type)}, ${seq}, ${ack},\n     "${body}",\n     "${line}"},`,
  )
  .join("\n")}
};

#endif
`;
}

const codes = (says: string, group: string, table: Readonly<Record<string, readonly [number, string]>>): string =>
  [
    comment(says),
    ...Object.entries(table).map(
      ([name, [code, meaning]]) => `#define LINK_${group}_${snake(name)} ${code}u ${trailing(meaning)}`,
    ),
  ].join("\n");

const snake = (name: string): string =>
  name
    .replaceAll("-", "_")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toUpperCase();
const comment = (text: string): string => `/* ${text} */`;
const trailing = comment;
const hex = (value: number): string => `0x${value.toString(16).padStart(2, "0")}`;
