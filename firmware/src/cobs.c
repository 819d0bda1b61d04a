/* Consistent overhead byte stuffing: each zero is replaced by the way to the next one, the first byte says the way to the first one. With at
 * most 254 bytes no way is longer than a byte can say, and the longer form of the paper is never needed. */
#include "cobs.h"

size_t cobs_stuff(uint8_t *block, const uint8_t *data, size_t length)
{
    size_t code = 0; /* where the way to the next zero is to be written */

    for (size_t i = 0; i < length; i++) {
        if (data[i] == 0) {
            block[code] = (uint8_t)(i + 1 - code);
            code = i + 1;
        } else {
            block[i + 1] = data[i];
        }
    }
    block[code] = (uint8_t)(length + 1 - code);
    return length + 1;
}

bool cobs_unstuff(uint8_t *block, size_t *length)
{
    const size_t end = *length;

    if (end == 0 || end > COBS_MOST + 1)
        return false;
    for (size_t at = 0; at < end;) {
        const uint8_t code = block[at];
        const size_t next = at + code;

        if (code == 0 || next > end)
            return false;
        /* Each byte goes one place down, to where the way stood or the byte before it: never over one that is still to be read. */
        for (size_t i = at + 1; i < next; i++) {
            if (block[i] == 0)
                return false;
            block[i - 1] = block[i];
        }
        if (next < end)
            block[next - 1] = 0;
        at = next;
    }
    *length = end - 1;
    return true;
}
