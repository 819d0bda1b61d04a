/* Pulses of a set length on a timer's channel: LEDs, servos, ESCs, an H-bridge's speed. 1 MHz tick for servos and ESCs, finer otherwise. */
#ifndef PWM_H
#define PWM_H

#include <stdbool.h>
#include <stdint.h>

struct pwm {
    uint8_t timer;   /* 1-5, 8-14: TIMx */
    uint8_t channel; /* 1-4 */
};

/* Starts the timer with this period unless it runs already; the channel's pulse is 0 long. False: no such timer or channel, or it runs
 * with another period. The pin is set by gpio_alternate. */
bool pwm_start(struct pwm pwm, uint32_t tick_hz, uint16_t period_ticks);
/* The length of the pulse from the next period on (preload), so that none is cut in two. */
void pwm_set(struct pwm pwm, uint16_t ticks);

#endif
