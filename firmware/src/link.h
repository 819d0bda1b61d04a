/* The line to the host: frames in, answers and news out (docs/link.md). */
#ifndef LINK_H
#define LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct link_figures {
    uint32_t damaged;  /* frames that came in and were none, since the reset */
    uint32_t tx_drops; /* frames that found no room, since the reset */
};

void link_start(void);
/* Takes what has come in, at most some frames of it, and answers. */
void link_turn(uint32_t now_ms);
/* Sends a message that answers none. */
void link_tell(uint8_t type, const uint8_t *body, size_t length);
/* Resets the board once the answer is out. */
void link_reboot(bool into_loader);
struct link_figures link_figures(void);

#endif
