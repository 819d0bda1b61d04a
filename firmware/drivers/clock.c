/*
 * Time since the reset: TIM2 counts microseconds over all its 32 bits and is never set again (RM0390, chapter 17). It
 * starts by itself at the first question, so that no order of starting is to be kept.
 */
#include "clock.h"
#include "../board/stm32f4/registers.h"
#include "mmio.h"
#include "rcc.h"

#define TICK_HZ 1000000u

static void start(void)
{
    rcc_enable(RCC_APB1ENR, 1u << 0); /* RM0390 6.3.13: TIM2EN */
    mmio_write(TIM2 + TIM_PSC, rcc_timer_hz() / TICK_HZ - 1u); /* RM0390 17.4.11 */
    mmio_write(TIM2 + TIM_ARR, 0xFFFFFFFFu);                   /* RM0390 17.4.12 */
    mmio_write(TIM2 + TIM_EGR, TIM_EGR_UG); /* RM0390 17.4.6: the prescaler holds from now on, the counter is 0 */
    mmio_write(TIM2 + TIM_CR1, TIM_CR1_CEN); /* RM0390 17.4.1 */
}

uint32_t clock_us(void)
{
    if ((mmio_read(TIM2 + TIM_CR1) & TIM_CR1_CEN) == 0u) {
        start();
    }
    return mmio_read(TIM2 + TIM_CNT); /* RM0390 17.4.10 */
}

/* Whole milliseconds are moved from one count to the other, so the wrap of the microseconds is not seen; asked by the
 * scheduler alone, and far more often than every 71 minutes. */
uint32_t clock_ms(void)
{
    static uint32_t counted_us;
    static uint32_t ms;
    uint32_t whole = (clock_us() - counted_us) / 1000u;
    counted_us += whole * 1000u;
    ms += whole;
    return ms;
}

void clock_wait_us(uint32_t us)
{
    uint32_t from = clock_us();
    while (clock_us() - from <= us) {
        /* `<=`: the first microsecond may have been nearly over */
    }
}
