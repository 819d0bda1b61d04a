/* Why the chip started, and its serial number. Its clock is in rcc.c, its watchdog in watchdog.c, the processor in
 * board/stm32f4/cpu.c. */
#include "system.h"
#include "../board/stm32f4/registers.h"
#include "../gen/link_messages.h"
#include "mmio.h"
#include "rcc.h"

/* RM0390 6.3.21. A start by power sets the flags of the pin and of the brown-out too, and every reset that of the
 * pin, so the first one of these that is set tells. */
static const struct {
    uint32_t flags;
    uint8_t cause;
} causes[] = {
    {RCC_CSR_LPWRRSTF, LINK_RESET_LOW_POWER},
    {RCC_CSR_IWDGRSTF | RCC_CSR_WWDGRSTF, LINK_RESET_WATCHDOG},
    {RCC_CSR_SFTRSTF, LINK_RESET_SOFTWARE},
    {RCC_CSR_PORRSTF, LINK_RESET_POWER},
    {RCC_CSR_BORRSTF, LINK_RESET_BROWN_OUT},
    {RCC_CSR_PINRSTF, LINK_RESET_PIN},
};

uint8_t system_reset_cause(void)
{
    uint32_t flags = mmio_read(RCC_CSR);
    mmio_write(RCC_CSR, flags | RCC_CSR_RMVF); /* RM0390 6.3.21: clears them for the next time */
    /* A fault resets by software. QEMU sets no flags at all. */
    bool faulted = system_had_fault();
    if (faulted && ((flags & RCC_CSR_SFTRSTF) != 0u || rcc_emulated())) {
        return LINK_RESET_FAULT;
    }
    for (size_t row = 0; row < sizeof causes / sizeof causes[0]; row++) {
        if ((flags & causes[row].flags) != 0u) {
            return causes[row].cause;
        }
    }
    return LINK_RESET_UNKNOWN;
}

bool system_uid(uint8_t uid[12])
{
    if (rcc_emulated()) {
        return false;
    }
    for (uint32_t byte = 0; byte < 12u; byte++) {
        uint32_t word = mmio_read(UID + (byte & ~3u)); /* RM0390 34.1 */
        uid[byte] = (uint8_t)(word >> (8u * (byte & 3u)));
    }
    return true;
}
