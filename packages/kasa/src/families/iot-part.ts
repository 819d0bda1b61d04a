/** One answer of the older family: module, method, and its own error number within (reference/kasa.md, "XOR"). */
import { SkeinError } from "@skein/kit";
import { z } from "zod";

/** What one method of a module answered. @throws SkeinError DEVICE_REFUSED with its error, KASA_GARBAGE */
export function part<S extends z.ZodType>(answer: object, module: string, method: string, schema: S): z.output<S> {
  const answers = (answer as Record<string, unknown>)[module] as Record<string, unknown> | undefined;
  const said = answers?.[method] ?? answers;
  const failed = z.object({ err_code: z.number(), err_msg: z.string().max(300).optional() }).safeParse(said);
  if (failed.success && failed.data.err_code !== 0)
    throw new SkeinError(
      "DEVICE_REFUSED",
      `the device refuses ${method}: ${failed.data.err_msg ?? "error"} (${failed.data.err_code}).`,
    );
  const parsed = schema.safeParse(said);
  if (!parsed.success) throw new SkeinError("KASA_GARBAGE", `the device's answer to ${method} is not understood.`);
  return parsed.data;
}
