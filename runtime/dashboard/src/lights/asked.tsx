import type { Sender } from "./sender";
import { lightWords } from "./words";

/** That something was asked for and is not so yet. A light that answers at once, as most do, shows none of it (lights.css). */
export const Asked = ({ sender }: { sender: Sender }) =>
  sender.asked.value === undefined ? null : <span class="asked">{lightWords().asked}</span>;
