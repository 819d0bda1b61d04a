/* A servo: an angle, told by the length of a pulse. */
#ifndef SERVO_H
#define SERVO_H

#include "../drivers/pwm.h"
#include "../src/channel.h"

/* Servos and ESCs share their timers: 1 MHz, 50 pulses a second (ARR 19999). */
#define SERVO_TICK_HZ 1000000u
#define SERVO_PERIOD 20000u

struct servo {
    uint8_t pin;
    uint8_t function;
    struct pwm pwm;
    uint16_t min_us; /* the pulse at the channel's min, 500 at the least */
    uint16_t max_us; /* the pulse at the channel's max, 2500 at the most */
};

struct servo_state {
    float degrees;
    bool broken; /* the board's table names a timer that it cannot have */
};

extern const struct channel_kind servo_kind;

#endif
