/* A dimmed lamp, or whatever a MOSFET switches quickly (a strip, a 12 V fan). */
#ifndef LED_H
#define LED_H

#include "../drivers/pwm.h"
#include "../src/channel.h"

struct led {
    uint8_t pin;
    uint8_t function; /* the pin's alternate function that is the timer */
    struct pwm pwm;   /* 1 kHz: not on the timer of a servo */
};

struct led_state {
    float percent;
    bool broken; /* the board's table names a timer that it cannot have */
};

extern const struct channel_kind led_kind;

#endif
