/** One answer of the older family: module, method, and its own error number within (reference/kasa.md, "XOR"). */
import { SkeinError } from "@skein/kit";
import type { z } from "zod";

/** What one method of a module answered. @throws SkeinError DEVICE_REFUSED with its error, KASA_GARBAGE */
export function part<S extends z.ZodType>(answer: object, module: string, method: string, schema: S): z.output<S> {
  const parsed = schema.safeParse(yes(answer, module, method));
  if (!parsed.success) throw new SkeinError("KASA_GARBAGE", `the device's answer to ${method} is not understood.`);
  return parsed.data;
}

/** The same, no error and not looked at further; without a schema, since every command is answered so. @throws as `part` */
export function yes(answer: object, module: string, method: string): object {
  const answers = (answer as Record<string, unknown>)[module] as Record<string, unknown> | undefined;
  const said = answers?.[method] ?? answers;
  if (typeof said !== "object" || said === null)
    throw new SkeinError("KASA_GARBAGE", `the device's answer to ${method} is not understood.`);
  const { err_code, err_msg } = said as { err_code?: unknown; err_msg?: unknown };
  if (typeof err_code === "number" && err_code !== 0)
    throw new SkeinError(
      "DEVICE_REFUSED",
      `the device refuses ${method}: ${typeof err_msg === "string" ? err_msg.slice(0, 200) : "error"} (${err_code}).`,
    );
  return said;
}
