/*
 * Pulses of a set length (RM0390 17.3.9, PWM mode 1): the pin is high from the start of a period until the counter
 * reaches the channel's CCR. CCR and ARR are preloaded, so a new length holds from the next period on and no pulse is
 * cut in two: a servo twitches at half a pulse, an ESC takes it for a fault.
 */
#include "pwm.h"
#include "../board/stm32f4/registers.h"
#include "mmio.h"
#include "rcc.h"
#include "timer.h"
#include <stddef.h>

/* Runs already: with this very period? */
static bool runs_with(uint32_t base, uint32_t prescaler, uint32_t reload)
{
    return mmio_read(base + TIM_PSC) == prescaler && mmio_read(base + TIM_ARR) == reload; /* RM0390 17.4.11, 17.4.12 */
}

/* PWM mode 1 with preload on one channel, its pulse 0 long. */
static void open_channel(uint32_t base, uint32_t index)
{
    uint32_t mode = base + TIM_CCMR1 + 4u * (index >> 1); /* RM0390 17.4.7, 17.4.8: two channels a register */
    uint32_t shift = 8u * (index & 1u);
    mmio_write(mode, (mmio_read(mode) & ~(0xFFu << shift)) | (TIM_CCMR_PWM1_PRELOAD << shift));
    mmio_write(base + TIM_CCR1 + 4u * index, 0u); /* RM0390 17.4.13 */
    mmio_write(base + TIM_CCER, mmio_read(base + TIM_CCER) | (TIM_CCER_CC1E << (4u * index))); /* RM0390 17.4.9 */
}

bool pwm_start(struct pwm pwm, uint32_t tick_hz, uint16_t period_ticks)
{
    const struct timer *timer = timer_find(pwm.timer);
    if (timer == NULL || pwm.channel == 0u || pwm.channel > timer->channels || tick_hz == 0u || period_ticks == 0u) {
        return false;
    }
    uint32_t divider = rcc_timer_hz() / tick_hz;
    if (divider == 0u || divider > 0x10000u) {
        return false;
    }
    rcc_enable(timer->enable, timer->enable_bit);
    uint32_t base = timer->base;
    uint32_t reload = period_ticks - 1u;
    bool runs = (mmio_read(base + TIM_CR1) & TIM_CR1_CEN) != 0u;
    if (runs && !runs_with(base, divider - 1u, reload)) {
        return false;
    }
    open_channel(base, pwm.channel - 1u);
    if (!runs) {
        mmio_write(base + TIM_PSC, divider - 1u);
        mmio_write(base + TIM_ARR, reload);
        mmio_write(base + TIM_EGR, TIM_EGR_UG); /* RM0390 17.4.6: all that is preloaded holds from now on */
        mmio_write(base + TIM_CR1, TIM_CR1_ARPE | TIM_CR1_CEN); /* RM0390 17.4.1 */
        if (timer->has_break) {
            mmio_write(base + TIM_BDTR, TIM_BDTR_MOE); /* RM0390 16.4.18: TIM1 and TIM8 let nothing out without it */
        }
    }
    return true;
}

void pwm_set(struct pwm pwm, uint16_t ticks)
{
    const struct timer *timer = timer_find(pwm.timer);
    if (timer != NULL && pwm.channel >= 1u && pwm.channel <= timer->channels) {
        mmio_write(timer->base + TIM_CCR1 + 4u * (pwm.channel - 1u), ticks); /* RM0390 17.4.13 */
    }
}
