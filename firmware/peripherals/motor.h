/* A brushed motor that moves something between two end switches: H-bridge, encoder, current. A door, a drawer, a
 * blind. */
#ifndef MOTOR_H
#define MOTOR_H

#include "../drivers/pwm.h"
#include "../src/channel.h"

struct motor {
    uint8_t pwm_pin, pwm_function;
    struct pwm pwm;                    /* the bridge's enable, 20 kHz: nobody hears it */
    uint8_t forward_pin, backward_pin; /* the bridge's IN1 and IN2 */
    /* Normally closed contacts to ground: an end that is reached is an open contact, and so is a wire that is off. */
    uint8_t back_end_pin, front_end_pin;
    uint8_t encoder_timer;
    uint8_t encoder_pins[2], encoder_function;
    float counts_a_unit;   /* of the position channel */
    float travel;          /* from the back end to the front end, in its unit */
    uint8_t current_pin, current_adc;
    float amperes_at_full; /* at the ADC's full scale */
    float most_amperes;    /* more, for 50 ms, is an obstacle */
    float least_percent;   /* driven slower it need not move, and is not jammed: a slow ramp goes through there */
    uint16_t rise_ms;      /* to full speed in so long at the least, which keeps the starting current down */
};

/* Shared by the three channels; the drive's tick does the work. */
struct motor_state {
    float percent; /* where it stands, negative: backwards */
    float wanted;
    uint32_t last_ms;        /* of the tick before */
    uint32_t over_ms;        /* so long the current has been too high */
    uint32_t still_ms;       /* so long it has been driven and the encoder has not moved */
    uint32_t met_ms;         /* when it met the last obstacle */
    int8_t met;              /* in which direction; 0: none, or long ago */
    int32_t counts;          /* of the encoder, at the last tick */
    int32_t back_end_counts; /* of the encoder at the back end */
    bool placed;             /* an end has been reached, so that the position is known */
    bool at_end[2];          /* back, front */
    float amperes;
    uint8_t fault; /* of the drive */
    uint8_t current_fault;
};

extern const struct channel_kind motor_kind;
extern const struct channel_kind motor_position_kind;
extern const struct channel_kind motor_current_kind;

#endif
