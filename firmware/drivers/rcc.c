/*
 * Clocks (RM0390, chapter 6). 84 MHz from the PLL on the internal 16 MHz oscillator: the one speed that the F405,
 * F446 and F411 all take without a change to their core's voltage, and exact enough (1 %) for a serial line. Where
 * the PLL does not start in time the board runs at 16 MHz, and everything that counts time asks here.
 *
 * QEMU's RCC reads as zeros. No real chip does: one oscillator at least is ready on a chip that runs at all. So zeros
 * mean QEMU, whose timers count at 1 GHz and whose factory numbers (unique id, calibration) fault when they are read.
 */
#include "rcc.h"
#include "../board/stm32f4/registers.h"
#include "mmio.h"
#include "system.h"

#define HSI_HZ 16000000u
#define PLL_HZ 84000000u
#define QEMU_TIMER_HZ 1000000000u
#define QEMU_CORE_HZ 168000000u
#define MOST_LOOKS 20000u /* at 16 MHz some 10 ms; the PLL takes 0.2 ms (data sheet, 6.3.11) */

static bool fast;

/* The clock that the other waits are measured with does not run yet, so this one counts its looks. */
static bool becomes(uint32_t address, uint32_t mask, uint32_t wanted)
{
    for (uint32_t look = 0; look < MOST_LOOKS; look++) {
        if ((mmio_read(address) & mask) == wanted) {
            return true;
        }
    }
    return false;
}

void system_start(void)
{
    fast = false;
    if (rcc_emulated()) {
        return;
    }
    /* RM0390 6.3.2: 16 MHz / 16 * 336 / 4 = 84 MHz; Q and R feed nothing here and stand at values that are allowed */
    mmio_write(RCC_PLLCFGR, RCC_PLLCFGR_M(16u) | RCC_PLLCFGR_N(336u) | RCC_PLLCFGR_P(4u) | RCC_PLLCFGR_Q(7u) |
                                RCC_PLLCFGR_R(2u));
    mmio_write(RCC_CR, mmio_read(RCC_CR) | RCC_CR_PLLON); /* RM0390 6.3.1 */
    if (!becomes(RCC_CR, RCC_CR_PLLRDY, RCC_CR_PLLRDY)) {
        mmio_write(RCC_CR, mmio_read(RCC_CR) & ~RCC_CR_PLLON);
        return;
    }
    /* RM0390 3.4.1: two waits up to 90 MHz at 2.7-3.6 V, set and read back before the clock goes up */
    uint32_t access = FLASH_ACR_LATENCY(2u) | FLASH_ACR_PRFTEN | FLASH_ACR_ICEN | FLASH_ACR_DCEN;
    mmio_write(FLASH_ACR, access);
    if (!becomes(FLASH_ACR, FLASH_ACR_LATENCY_MASK, FLASH_ACR_LATENCY(2u))) {
        return;
    }
    /* RM0390 6.3.3: APB1 takes 45 MHz at most, so half; its timers get twice that again (6.2) */
    mmio_write(RCC_CFGR, RCC_CFGR_PPRE1_HALF);
    mmio_write(RCC_CFGR, RCC_CFGR_PPRE1_HALF | RCC_CFGR_SW_PLL);
    fast = becomes(RCC_CFGR, RCC_CFGR_SWS, RCC_CFGR_SWS_PLL);
    if (!fast) {
        mmio_write(RCC_CFGR, 0u);
    }
}

void rcc_enable(uint32_t enable, uint32_t bit)
{
    mmio_write(enable, mmio_read(enable) | bit); /* RM0390 6.3.10, 6.3.13, 6.3.14 */
    (void)mmio_read(enable); /* ES0298 2.2.7: the first access comes too early without a read in between */
}

uint32_t rcc_apb1_hz(void)
{
    return fast ? PLL_HZ / 2u : HSI_HZ;
}

uint32_t rcc_core_hz(void)
{
    if (rcc_emulated()) {
        return QEMU_CORE_HZ;
    }
    return fast ? PLL_HZ : HSI_HZ;
}

uint32_t rcc_timer_hz(void)
{
    if (rcc_emulated()) {
        return QEMU_TIMER_HZ;
    }
    return fast ? PLL_HZ : HSI_HZ;
}

bool rcc_emulated(void)
{
    return (mmio_read(RCC_CR) & (RCC_CR_HSIRDY | RCC_CR_HSERDY | RCC_CR_PLLRDY)) == 0u; /* RM0390 6.3.1 */
}
