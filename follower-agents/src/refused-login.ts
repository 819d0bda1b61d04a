import type { Bus } from "@skein/bus";
import type { Logger } from "@skein/kit";

/** Says plainly, and once each time it begins, that the house lets us in no more; the bus goes on trying by itself. */
export function tellRefusedLogin(bus: Pick<Bus, "onLink">, logger: Logger): void {
  let refused = false;
  bus.onLink((link) => {
    if (link.up) {
      if (refused) logger.warn("the house lets this follower in again");
      refused = false;
    } else if (link.code === "BUS_NOT_AUTHORISED" && !refused) {
      refused = true;
      logger.error(
        { code: link.code, why: link.why },
        "the house does not let this follower in: it was removed there, or its password is wrong. It is tried again every 15 s; " +
          "to join again: node agent.js join CODE --leader URL --replace",
      );
    }
  });
}
