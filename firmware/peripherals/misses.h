/* One failed measurement is a disturbance, three in a row are a fault; until then the last good value holds. For
 * sensors on a bus. */
#ifndef MISSES_H
#define MISSES_H

#include <stdint.h>

#include "../drivers/i2c.h"

struct misses {
    uint8_t in_a_row;
    uint8_t fault; /* 0, or LINK_FAULT_... */
};

/* How a measurement ended: 0 is good. */
void misses_note(struct misses *misses, uint8_t fault);
/* LINK_FAULT_... for what the bus said; 0 for I2C_OK. */
uint8_t misses_fault_of(enum i2c_result result);

#endif
