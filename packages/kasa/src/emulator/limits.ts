/** What an emulated device has room for. The real ones are small computers: nobody may take up all of one, and nobody does of ours. */

/**
 * Connections at a time; a further one is closed at once. The devices' makers publish no figure; they run lwIP, whose default is five
 * (`MEMP_NUM_TCP_PCB`, "the number of simultaneously active TCP connections", in its opt.h).
 */
export const MOST_CONNECTIONS = 5;

/** Of one request. The longest that our client sends, a light strip's effect, has 1.5 KiB. */
export const MAX_REQUEST_BYTES = 16 * 1024;

/** Answers that are waited for at a time, at one port; what comes beyond is dropped, as a full receive buffer does. */
export const MOST_UNDER_WAY = 20;
