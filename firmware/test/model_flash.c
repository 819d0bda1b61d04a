/* See model_flash.h. */
#include "model_flash.h"
#include "../board/stm32f4/registers.h"
#include "model_chip.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#define FIRST 0x08008000u
#define WRPERR (1u << 4)
#define PGSERR (1u << 7)

uint32_t flash_model_words[2][4096];
unsigned flash_model_erases, flash_model_writes;
uint32_t flash_model_busy_looks, flash_model_stuck_low, flash_model_stuck_high;
bool flash_model_protected;

static enum { LOCKED, FIRST_KEY, OPEN, DEAD } lock_state;
static uint32_t control, failed, busy, access;
/* What the data cache would still show; made stale by a write, forgotten by a reset of the cache (RM0390 3.4.2). */
static bool stale;

static uint32_t registers_read(uint32_t offset)
{
    switch (FLASH + offset) {
    case FLASH_ACR:
        return access;
    case FLASH_SR:
        if (busy != 0u && busy != UINT32_MAX) {
            busy--;
        }
        return failed | (busy != 0u ? FLASH_SR_BSY : 0u);
    case FLASH_CR:
        return control | (lock_state == OPEN ? 0u : FLASH_CR_LOCK);
    default:
        return 0;
    }
}

static void key(uint32_t value)
{
    if (lock_state == LOCKED && value == FLASH_KEYR_FIRST) {
        lock_state = FIRST_KEY;
    } else if (lock_state == FIRST_KEY && value == FLASH_KEYR_SECOND) {
        lock_state = OPEN;
    } else {
        lock_state = DEAD; /* RM0390 3.5.1: until the next reset */
    }
}

static void erase(uint32_t sector)
{
    assert_in_range(sector, 2, 3); /* any other holds the program */
    if (flash_model_protected) {
        failed |= WRPERR;
        return;
    }
    for (size_t word = 0; word < 4096u; word++) {
        flash_model_words[sector - 2u][word] = ~flash_model_stuck_low;
    }
    flash_model_erases++;
    busy = flash_model_busy_looks;
    stale = true;
}

static void registers_written(uint32_t offset, uint32_t value)
{
    switch (FLASH + offset) {
    case FLASH_ACR:
        assert_false((value & FLASH_ACR_DCRST) != 0u && (value & FLASH_ACR_DCEN) != 0u); /* RM0390 3.8.1 */
        stale = stale && (value & FLASH_ACR_DCRST) == 0u;
        access = value;
        return;
    case FLASH_KEYR:
        key(value);
        return;
    case FLASH_SR:
        failed &= ~value;
        return;
    case FLASH_CR:
        assert_true(lock_state == OPEN);
        control = value & ~(FLASH_CR_STRT | FLASH_CR_LOCK);
        if ((value & FLASH_CR_LOCK) != 0u) {
            lock_state = LOCKED;
        }
        if ((value & FLASH_CR_STRT) != 0u && (control & FLASH_CR_SER) != 0u) {
            assert_int_equal(control & 3u << 8, FLASH_CR_PSIZE_WORD);
            erase(control >> 3 & 15u);
        }
        return;
    default:
        return;
    }
}

static uint32_t words_read(uint32_t offset)
{
    assert_int_equal(busy, 0);  /* the processor would stand still */
    assert_false(stale && (access & FLASH_ACR_DCEN) != 0u);
    return flash_model_words[offset / 16384u][offset % 16384u / 4u];
}

static void words_written(uint32_t offset, uint32_t value)
{
    assert_int_equal(busy, 0);
    if (lock_state != OPEN || (control & FLASH_CR_PG) == 0u || flash_model_protected) {
        failed |= flash_model_protected ? WRPERR : PGSERR;
        return;
    }
    assert_int_equal(failed, 0); /* RM0390 3.8.4: an old failure forbids the next operation */
    assert_int_equal(control & 3u << 8, FLASH_CR_PSIZE_WORD);
    flash_model_words[offset / 16384u][offset % 16384u / 4u] &= value | flash_model_stuck_high; /* only towards zero */
    flash_model_writes++;
    busy = flash_model_busy_looks;
    stale = true;
}

void flash_model_attach(void)
{
    memset(flash_model_words, 0x5A, sizeof flash_model_words);
    flash_model_erases = flash_model_writes = 0;
    flash_model_busy_looks = 3;
    flash_model_stuck_low = flash_model_stuck_high = 0;
    flash_model_protected = false;
    lock_state = LOCKED;
    control = busy = 0;
    failed = PGSERR; /* as a debugger may have left it */
    stale = false;
    access = FLASH_ACR_DCEN | FLASH_ACR_ICEN | FLASH_ACR_LATENCY(2u);
    chip_attach((struct chip_part){FLASH, 0x18, registers_read, registers_written});
    chip_attach((struct chip_part){FIRST, 32768, words_read, words_written});
}
