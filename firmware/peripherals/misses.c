/* One failed measurement is a disturbance, three in a row are a fault. */
#include "misses.h"

#include "../gen/link_messages.h"

#define ALLOWED 3u

void misses_note(struct misses *misses, uint8_t fault)
{
    if (fault == 0) {
        *misses = (struct misses){0};
        return;
    }
    if (misses->in_a_row < ALLOWED)
        misses->in_a_row++;
    if (misses->in_a_row == ALLOWED)
        misses->fault = fault;
}

uint8_t misses_fault_of(enum i2c_result result)
{
    switch (result) {
    case I2C_OK:
        return 0;
    case I2C_STUCK:
        return LINK_FAULT_BUS_STUCK;
    case I2C_TIME_OUT:
        return LINK_FAULT_TIME_OUT;
    default:
        return LINK_FAULT_NO_ANSWER;
    }
}
