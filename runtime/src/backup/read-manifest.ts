/** What a backup says of itself, without unpacking the rest. */
import { createReadStream } from "node:fs";
import { Parser } from "tar";
import { MANIFEST, manifestHead, type Manifest } from "./manifest";

/** @throws Error when it does not begin with a manifest that fits */
export function readManifest(file: string): Promise<Pick<Manifest, "version" | "createdAt">> {
  return new Promise((resolve, reject) => {
    const input = createReadStream(file);
    const parts: Buffer[] = [];
    let entries = 0;
    const end = (): void => {
      input.destroy();
      try {
        resolve(manifestHead.parse(JSON.parse(Buffer.concat(parts).toString("utf8"))));
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const parser = new Parser({
      strict: true,
      onReadEntry(entry) {
        if (entries++ === 0 && entry.path === MANIFEST)
          entry.on("data", (part: Buffer) => parts.push(part)).on("end", end);
        entry.resume();
      },
    });
    parser.on("error", reject);
    parser.on("end", end);
    input.on("error", reject);
    input.on("data", (chunk) => void parser.write(chunk as Buffer));
    input.on("end", () => parser.end());
  });
}
