/*
 * The independent watchdog (RM0390, chapter 20): runs on an oscillator of its own, so it bites even when every other
 * clock has stopped, and nothing but a reset ends it.
 */
#include "../board/stm32f4/registers.h"
#include "mmio.h"
#include "system.h"

#define LSI_HZ 32000u /* 17-47 kHz (data sheet, 6.3.10): a time-out is exact to the half, no better */
#define MOST_RELOAD 0xFFFu
#define MOST_LOOKS 100000u /* RM0390 20.3: PR and RLR take five periods of the LSI, 0.3 ms at worst */

void watchdog_start(uint32_t timeout_ms)
{
    /* The finest prescaler (4 << code) with which the time fits into twelve bits; the coarsest reaches to 32 s. */
    uint32_t code = 0;
    while (code < 6u && timeout_ms > MOST_RELOAD * (4u << code) / (LSI_HZ / 1000u)) {
        code++;
    }
    uint32_t most_ms = MOST_RELOAD * (4u << code) / (LSI_HZ / 1000u);
    uint32_t ms = timeout_ms < most_ms ? timeout_ms : most_ms;
    mmio_write(IWDG_KR, IWDG_KR_START); /* RM0390 20.4.1 */
    mmio_write(IWDG_KR, IWDG_KR_ALLOW);
    mmio_write(IWDG_PR, code);                                /* RM0390 20.4.2 */
    mmio_write(IWDG_RLR, ms * (LSI_HZ / 1000u) / (4u << code)); /* RM0390 20.4.3 */
    for (uint32_t look = 0; look < MOST_LOOKS && (mmio_read(IWDG_SR) & IWDG_SR_BUSY) != 0u; look++) {
        /* RM0390 20.4.4: until both have been taken over */
    }
    watchdog_feed();
}

void watchdog_feed(void)
{
    mmio_write(IWDG_KR, IWDG_KR_FEED);
}
