/** What a 3.1.1 broker of ours says of the messages that it acknowledges and refuses (`REFUSED_TOPIC`). */
export function createRefusals() {
  const ids = new Set<number>();
  let told = false;
  return {
    /** Whether this broker tells. */
    get told() {
      return told;
    },
    /** Packet identifiers belong to one connection. */
    begin() {
      ids.clear();
      told = false;
    },
    note(payload: string) {
      told = true;
      if (payload !== "") ids.add(Number(payload));
    },
    take: (id: number | undefined): Error | undefined =>
      id !== undefined && ids.delete(id) ? Object.assign(new Error("Not authorized"), { code: 135 }) : undefined,
  };
}
