/* Which timers there are, for what counts with them (pwm.c, encoder.c). */
#ifndef TIMER_H
#define TIMER_H

#include <stdbool.h>
#include <stdint.h>

struct timer {
    uint8_t number;   /* TIMx */
    uint8_t channels; /* outputs */
    bool has_break;   /* its outputs need BDTR.MOE */
    bool counts_encoder;
    uint32_t base;
    uint32_t enable; /* RCC_APB1ENR or RCC_APB2ENR */
    uint32_t enable_bit;
};

/* Null: no such timer, or it is TIM2, which is the clock (clock.c). */
const struct timer *timer_find(uint8_t number);

#endif
