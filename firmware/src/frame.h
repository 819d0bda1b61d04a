/* Frames on the line: COBS(version, type, seq, ack, body, CRC-16 little-endian) 0 (docs/link.md). */
#ifndef FRAME_H
#define FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../gen/link_messages.h"

#define FRAME_HEAD 4u
#define FRAME_CRC 2u
/* Before stuffing; on the line without the zero at its end; and with it. */
#define FRAME_MOST (FRAME_HEAD + LINK_MOST_BODY + FRAME_CRC)
#define FRAME_MOST_BLOCK (FRAME_MOST + 1u)
#define FRAME_MOST_LINE (FRAME_MOST_BLOCK + 1u)

struct frame {
    uint8_t type;
    uint8_t seq; /* 1-255 and round again */
    uint8_t ack; /* the seq of the frame that this one answers; 0: none */
    const uint8_t *body;
    size_t length;
};

/* Takes bytes one by one and holds one frame's bytes at most, whatever comes. Begins as all zeros. */
struct deframer {
    uint8_t held[FRAME_MOST_BLOCK];
    size_t length;
    bool too_long;
    uint32_t damaged;       /* blocks that are no frame, or whose CRC is wrong */
    uint32_t overlong;      /* bytes that belong to a block longer than any frame */
    uint32_t other_version; /* whole frames of another version of the framing */
};

/* True when this byte ends a frame; its body stays where it is until the next byte is taken. */
bool deframer_take(struct deframer *deframer, uint8_t byte, struct frame *frame);
/* @param line  room for FRAME_MOST_LINE bytes
 * @returns     how many of them are the frame, the zero at its end among them; 0 for a body of more than LINK_MOST_BODY bytes */
size_t frame_encode(uint8_t *line, const struct frame *frame);

#endif
