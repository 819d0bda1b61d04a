/*
 * A quadrature encoder counted by a timer (RM0390 17.3.12, encoder mode 3: both edges of both lines, so four counts a
 * line of the disc). The hardware sees every edge; only the wraps of its 16 bits are counted here.
 */
#include "encoder.h"
#include "../board/stm32f4/registers.h"
#include "mmio.h"
#include "rcc.h"
#include "timer.h"
#include <stddef.h>

#define HIGHEST_TIMER 8u

static struct {
    uint16_t last;
    uint32_t total;
} counts[HIGHEST_TIMER + 1u];

bool encoder_start(uint8_t number)
{
    const struct timer *timer = timer_find(number);
    if (timer == NULL || !timer->counts_encoder) {
        return false;
    }
    rcc_enable(timer->enable, timer->enable_bit);
    uint32_t base = timer->base;
    mmio_write(base + TIM_CCMR1, TIM_CCMR_ENCODER_FILTERED); /* RM0390 17.4.7: both lines in, filtered over 3 us */
    mmio_write(base + TIM_SMCR, TIM_SMCR_ENCODER_BOTH);      /* RM0390 17.4.3 */
    mmio_write(base + TIM_ARR, 0xFFFFu);                     /* RM0390 17.4.12 */
    mmio_write(base + TIM_CNT, 0u);
    mmio_write(base + TIM_CR1, TIM_CR1_CEN); /* RM0390 17.4.1 */
    counts[number].last = 0;
    counts[number].total = 0;
    return true;
}

int32_t encoder_read(uint8_t number)
{
    const struct timer *timer = timer_find(number);
    if (timer == NULL || !timer->counts_encoder) {
        return 0;
    }
    uint16_t now = (uint16_t)mmio_read(timer->base + TIM_CNT); /* RM0390 17.4.10 */
    /* The shorter way round is the one that was gone. */
    int32_t moved = (int16_t)(uint16_t)(now - counts[number].last);
    counts[number].last = now;
    counts[number].total += (uint32_t)moved;
    return (int32_t)counts[number].total;
}
