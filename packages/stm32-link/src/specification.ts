/** docs/link.md: the link as whoever builds a board reads it. Rules in words, tables from the one table of messages. */
import type { Field } from "./fields";
import { MOST_BODY } from "./frame";
import { channelFlags, events, faults, kinds, messages, refusals, resetCauses, settings, VERSION } from "./messages";

export function specification(): string {
  return `# The link between host and board

Version ${VERSION.major}.${VERSION.minor}. Made from packages/stm32-link by \`npm run generate\`. Any board may speak it, an ESP32 as well as our STM32;
\`npm run hub-conformance -- --port /dev/ttyACM0\` tells whether it does. [link-vectors.json](link-vectors.json) has frames to test against.

## The line

A serial line at 115,200 baud, eight bits, no parity, one stop bit; or USB, or TCP: bytes in both directions, nothing more.

## Frames

\`\`\`
COBS( version u8 = 1 | type u8 | seq u8 | ack u8 | body, ${MOST_BODY} bytes at most | CRC-16 u16, little-endian ) 0x00
\`\`\`

- COBS is consistent overhead byte stuffing (Cheshire and Baker, 1999); a zero byte ends each frame. Zeros between frames mean nothing.
- The CRC is CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF, nothing reflected; \`123456789\` gives 0x29B1) over everything before it.
- \`seq\` counts each side's frames from 1 to 255 and round again; 0 is not used. \`ack\` is the \`seq\` of the frame that this one answers, 0 when it answers none.
- What is longer, ends too early, is stuffed wrongly or fails its CRC is dropped and counted, and the next zero begins anew.

## Bodies

A body is one CBOR map (RFC 8949) of definite length, its keys the small integers below. Values are unsigned and negative integers, single-precision floats
(a reader takes half precision too), true and false, texts and byte strings of definite length. A reader skips keys that it does not know, whatever their
values are; a writer leaves out what is optional and not there.

## A session

1. After its reset a board sends HELLO with \`ack\` 0 and without a boot id. It refuses everything but HELLO_REQ (\`hello-first\`).
2. The host sends HELLO_REQ. The first one after a reset gives the board its boot id, which it keeps until its next reset; so a host sees a reset by another boot id
   although the board has no source of random numbers. The board answers with HELLO. A board that speaks another major version refuses (\`version\`).
3. The host asks for each channel with DESC_REQ, unless it knows a description of this CRC. The CRC is CRC-32 (ISO-HDLC, as in zlib) over the bodies of all DESC in order.
4. From then on the host asks and the board answers; the board tells SAMPLE, EVENT and HEARTBEAT by itself.

HELLO_REQ may come at any time; it begins a new session: nothing is armed, outputs stay as they are.

## Asking and answering

- The host has one question under way. It is repeated under the same \`seq\` when no answer came within 100 to 200 ms, three times in all.
- The board remembers the last \`seq\` that it carried out and how it answered. The same \`seq\` again is answered again and not done again.
- Orders are absolute: "go to 40 %", never "10 % more".
- SAMPLE, EVENT and HEARTBEAT are not acknowledged. SAMPLE has a counter for each channel, EVENT one for all; they count also what found no room on the line.
- READ is answered with the SAMPLE itself, whose \`ack\` is the question's \`seq\`, DESC_REQ with DESC, HELLO_REQ with HELLO; everything else with ACK or NAK.

## Safety

- Outputs are at their safe values before the line is listened to.
- Without a whole frame from the host for \`hostLossMs\` every output goes to its safe value and nothing is armed any more (EVENT \`host-lost\`).
- What can hurt (flag \`arm\`) leaves its safe value only while armed; to send it there at once is never refused. ARM must be said anew after HELLO_REQ, SAFE, loss of the host and a reset.
- A channel with \`maxMs\` goes to its safe value so long after the last SET at the latest (EVENT \`time-over\`), whatever \`forMs\` said.
- SAFE is carried out at once, whatever is under way.
- A setting is kept only while all that can hurt is at its safe value (else \`moving\`): flash that is erased holds the board up.

## Messages

${Object.entries(messages)
  .map(([name, { type, from, says, fields }]) =>
    [
      `### ${upper(name)} 0x${type.toString(16).padStart(2, "0")}, from the ${from}`,
      "",
      says,
      ...(Object.keys(fields).length === 0
        ? ["", "The body is an empty map."]
        : [
            "",
            "| key | field | value | |",
            "| --- | --- | --- | --- |",
            ...Object.entries<Field>(fields).map(
              ([field, { key, kind, optional, most, says: meaning }]) =>
                `| ${key} | \`${field}\` | ${kind}${most === undefined ? "" : `, ${most} bytes at most`}${optional ? ", optional" : ""} | ${meaning} |`,
            ),
          ]),
    ].join("\n"),
  )
  .join("\n\n")}

## Kinds of channels

${Object.entries(kinds)
  .map(([name, says]) => `- \`${name}\`: ${says}`)
  .join("\n")}

## Codes

${codes("Channel flags", channelFlags)}

${codes("Refusals (NAK)", refusals)}

${codes("Events", events)}

${codes("Faults", faults)}

${codes("Reset causes", resetCauses)}

${codes("Settings", settings)}
`;
}

const codes = (title: string, table: Readonly<Record<string, readonly [number, string]>>): string =>
  [
    `### ${title}`,
    "",
    "| code | name | |",
    "| --- | --- | --- |",
    ...Object.entries(table).map(([name, [code, says]]) => `| ${code} | \`${name}\` | ${says} |`),
  ].join("\n");

const upper = (name: string): string => name.replaceAll(/([a-z])([A-Z])/g, "$1_$2").toUpperCase();
