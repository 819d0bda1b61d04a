/*
 * The two sectors that keep the settings (RM0390, chapter 3): 2 and 3 of the flash, 16 KiB each, which the program
 * leaves out (it has 32 KiB in the sectors before them; board/stm32f4/skein-hub.ld). The register that erases is
 * unlocked for the one operation only.
 *
 * While the flash erases (up to half a second: data sheet, 6.3.12) the processor cannot read its program and stands
 * still; so what moves is to be stopped before.
 */
#include "flash.h"
#include "../board/stm32f4/registers.h"
#include "clock.h"
#include "mmio.h"

#define FIRST_SECTOR 2u
#define FIRST_ADDRESS 0x08008000u
#define SECTOR_WORDS (FLASH_SECTOR_BYTES / 4u)
#define ERASE_MOST_US 1000000u
#define WRITE_MOST_US 1000u
#define ERASED 0xFFFFFFFFu

static uintptr_t address_of(uint8_t sector, size_t word)
{
    return FIRST_ADDRESS + FLASH_SECTOR_BYTES * sector + 4u * word;
}

static bool idle_within(uint32_t most_us)
{
    uint32_t from = clock_us();
    do {
        if ((mmio_read(FLASH_SR) & FLASH_SR_BSY) == 0u) { /* RM0390 3.8.4 */
            return true;
        }
    } while (clock_us() - from <= most_us);
    return false;
}

static bool unlock(void)
{
    if (!idle_within(ERASE_MOST_US)) {
        return false;
    }
    if ((mmio_read(FLASH_CR) & FLASH_CR_LOCK) != 0u) {
        mmio_write(FLASH_KEYR, FLASH_KEYR_FIRST); /* RM0390 3.5.1 */
        mmio_write(FLASH_KEYR, FLASH_KEYR_SECOND);
    }
    mmio_write(FLASH_SR, FLASH_SR_FAILED); /* RM0390 3.8.4: old failures would stop this operation */
    return (mmio_read(FLASH_CR) & FLASH_CR_LOCK) == 0u;
}

/* Also forgets what the data cache remembers of the flash (RM0390 3.4.2: it does not see writes). */
static void lock(void)
{
    uint32_t access = mmio_read(FLASH_ACR); /* RM0390 3.8.1 */
    mmio_write(FLASH_CR, FLASH_CR_LOCK);    /* RM0390 3.8.5 */
    mmio_write(FLASH_ACR, access & ~FLASH_ACR_DCEN);
    mmio_write(FLASH_ACR, (access & ~FLASH_ACR_DCEN) | FLASH_ACR_DCRST);
    mmio_write(FLASH_ACR, access);
}

bool flash_erase(uint8_t sector)
{
    if (sector >= FLASH_SECTORS || !unlock()) {
        return false;
    }
    uint32_t erase = FLASH_CR_PSIZE_WORD | FLASH_CR_SER | FLASH_CR_SNB(FIRST_SECTOR + sector); /* RM0390 3.5.3 */
    mmio_write(FLASH_CR, erase);
    mmio_write(FLASH_CR, erase | FLASH_CR_STRT);
    bool erased = idle_within(ERASE_MOST_US);
    lock();
    for (size_t word = 0; erased && word < SECTOR_WORDS; word++) {
        erased = mmio_read(address_of(sector, word)) == ERASED;
    }
    return erased;
}

bool flash_write(uint8_t sector, size_t offset, const uint32_t *words, size_t length)
{
    if (sector >= FLASH_SECTORS || offset > SECTOR_WORDS || length > SECTOR_WORDS - offset || !unlock()) {
        return false;
    }
    mmio_write(FLASH_CR, FLASH_CR_PSIZE_WORD | FLASH_CR_PG); /* RM0390 3.5.4 */
    bool written = true;
    for (size_t at = 0; written && at < length; at++) {
        mmio_write(address_of(sector, offset + at), words[at]);
        written = idle_within(WRITE_MOST_US);
    }
    lock();
    for (size_t at = 0; written && at < length; at++) {
        written = mmio_read(address_of(sector, offset + at)) == words[at];
    }
    return written;
}

void flash_read(uint8_t sector, size_t offset, uint32_t *words, size_t length)
{
    for (size_t at = 0; at < length; at++) {
        bool there = sector < FLASH_SECTORS && offset < SECTOR_WORDS && at < SECTOR_WORDS - offset;
        words[at] = there ? mmio_read(address_of(sector, offset + at)) : ERASED;
    }
}
