/** What a dialog lets one choose from, as the boards are now. */
import type { Offers } from "./config";
import type { HubDesk } from "./hub-desk";

export const offersOf = (desk: Pick<HubDesk, "boards" | "reading">): Offers => ({
  boards: desk.boards().map(({ id, name, virtual, channels }) => ({
    id,
    name,
    virtual,
    channels: channels.map((channel) => ({ ...channel, value: desk.reading(id, channel.id)?.value })),
  })),
});
