/* On and off: a relay, a MOSFET, a lamp. */
#ifndef DIGITAL_OUT_H
#define DIGITAL_OUT_H

#include "../src/channel.h"

struct digital_out {
    uint8_t pin;
    bool active_low; /* on is a low level */
};

struct digital_out_state {
    bool on;
};

extern const struct channel_kind digital_out_kind;

#endif
