/* Frames from bytes and bytes from frames. What is damaged is counted and dropped, whatever it is, and the next zero begins anew. */
#include "frame.h"

#include <string.h>

#include "cobs.h"
#include "crc.h"

/* What stands between two zeros. */
static bool take_block(struct deframer *deframer, size_t length, struct frame *frame)
{
    uint8_t *raw = deframer->held;

    if (deframer->too_long || !cobs_unstuff(raw, &length) || length < FRAME_HEAD + FRAME_CRC ||
        crc16(raw, length - FRAME_CRC) != (raw[length - 2] | raw[length - 1] << 8)) {
        deframer->damaged++;
        return false;
    }
    if (raw[0] != LINK_FRAME_VERSION) {
        deframer->other_version++;
        return false;
    }
    *frame = (struct frame){.type = raw[1],
                            .seq = raw[2],
                            .ack = raw[3],
                            .body = raw + FRAME_HEAD,
                            .length = length - FRAME_HEAD - FRAME_CRC};
    return true;
}

bool deframer_take(struct deframer *deframer, uint8_t byte, struct frame *frame)
{
    if (byte != 0) {
        if (deframer->too_long || deframer->length == FRAME_MOST_BLOCK) {
            deframer->too_long = true;
            deframer->overlong++;
        } else {
            deframer->held[deframer->length++] = byte;
        }
        return false;
    }
    /* Zeros between frames are silence, and how a host clears the line. */
    const bool whole = deframer->length > 0 && take_block(deframer, deframer->length, frame);

    deframer->length = 0;
    deframer->too_long = false;
    return whole;
}

size_t frame_encode(uint8_t *line, const struct frame *frame)
{
    uint8_t raw[FRAME_MOST] = {LINK_FRAME_VERSION, frame->type, frame->seq, frame->ack};
    size_t length = FRAME_HEAD + frame->length;

    if (frame->length > LINK_MOST_BODY)
        return 0;
    if (frame->length > 0)
        memcpy(raw + FRAME_HEAD, frame->body, frame->length);
    const uint16_t crc = crc16(raw, length);

    raw[length++] = (uint8_t)crc;
    raw[length++] = (uint8_t)(crc >> 8);
    length = cobs_stuff(line, raw, length);
    line[length++] = 0;
    return length;
}
