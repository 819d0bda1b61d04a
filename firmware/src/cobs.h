/* Consistent overhead byte stuffing (Cheshire and Baker, 1999) for at most 254 bytes: no zero within, so that a zero can end a frame. */
#ifndef COBS_H
#define COBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COBS_MOST 254u

/* @param data   at most COBS_MOST bytes
 * @param block  room for length + 1 bytes, elsewhere than data
 * @returns      length + 1, without a zero at the end */
size_t cobs_stuff(uint8_t *block, const uint8_t *data, size_t length);
/* In place. Strict: what no encoder makes is refused.
 * @param block   without the zero at its end; afterwards the data
 * @param length  at most COBS_MOST + 1; afterwards the data's
 * @returns       false when it is damaged */
bool cobs_unstuff(uint8_t *block, size_t *length);

#endif
