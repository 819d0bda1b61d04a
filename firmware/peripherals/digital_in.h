/* On and off from a contact or a sensor, without its bouncing. */
#ifndef DIGITAL_IN_H
#define DIGITAL_IN_H

#include "../drivers/gpio.h"
#include "../src/channel.h"

struct digital_in {
    uint8_t pin;
    enum gpio_pull pull;
    bool active_low;      /* on is a low level: a contact to ground, with a pull-up */
    uint16_t debounce_ms; /* a new level counts when it has stood for so long; 0: at once */
};

struct digital_in_state {
    bool on;
    bool waiting; /* the pin says otherwise, since `since_ms` */
    uint32_t since_ms;
};

extern const struct channel_kind digital_in_kind;

#endif
