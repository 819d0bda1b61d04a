/* A voltage, or what a sensor makes a voltage of: a light, a tank's level, a battery behind a divider. */
#ifndef ANALOG_IN_H
#define ANALOG_IN_H

#include "../src/channel.h"

struct analog_in {
    uint8_t pin;
    uint8_t adc;          /* the ADC's channel at this pin, 0-15 */
    float at_zero;        /* in the channel's unit, at 0 V */
    float at_full;        /* in the channel's unit, at the supply (3.3 V) */
    bool rails_are_fault; /* the sensor never comes near 0 V or the supply: there a wire is off or shorted */
};

struct analog_in_state {
    float value; /* smoothed */
    uint8_t fault;
};

extern const struct channel_kind analog_in_kind;

#endif
