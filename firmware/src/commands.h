/* What the board does for each message of the host. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include <stddef.h>
#include <stdint.h>

#include "frame.h"

struct reply {
    uint8_t type;
    uint8_t body[LINK_MOST_BODY];
    size_t length;
};

/* Does it, or does nothing and says why not. */
void command_do(const struct frame *frame, struct reply *reply, uint32_t now_ms);

#endif
