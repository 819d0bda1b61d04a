/* A brushless motor through an electronic speed controller (ESC), which understands a servo's pulses. */
#ifndef ESC_H
#define ESC_H

#include "../drivers/pwm.h"
#include "../src/channel.h"

struct esc {
    uint8_t pin;
    uint8_t function;
    struct pwm pwm;   /* may be on a servo's timer */
    uint16_t min_us;  /* the pulse that stands still, 1000 as a rule */
    uint16_t max_us;  /* the pulse of full speed, 2000 as a rule */
    uint16_t rise_ms; /* to full speed in so long at the least: a rotor that is torn up loses its step */
};

struct esc_state {
    float percent; /* where it stands */
    float wanted;
    bool arming;       /* gives the shortest pulse since `since_ms`, and nothing else yet */
    bool broken;       /* the board's table names a timer that it cannot have */
    uint32_t since_ms; /* of the arming, afterwards of the last step up */
};

extern const struct channel_kind esc_kind;

#endif
