/* See model_chip.h. */
#include "model_chip.h"
#include "../board/stm32f4/registers.h"
#include "../drivers/mmio.h"
#include "../drivers/system.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#define SLOTS 512u
#define MOST_PARTS 8u

static struct {
    uintptr_t address;
    uint32_t value;
    unsigned written_at;
} slots[SLOTS];
static struct chip_part parts[MOST_PARTS];
static size_t part_count;
static unsigned writes;
static uint32_t now_us;
int chip_critical;

static size_t slot_of(uintptr_t address)
{
    size_t slot = (address >> 2) % SLOTS;
    for (size_t tried = 0; tried < SLOTS; tried++, slot = (slot + 1u) % SLOTS) {
        if (slots[slot].address == address || slots[slot].address == 0u) {
            slots[slot].address = address;
            return slot;
        }
    }
    fail_msg("more registers than the model has room for");
    return 0;
}

uint32_t chip_get(uintptr_t address) { return slots[slot_of(address)].value; }
void chip_put(uintptr_t address, uint32_t value) { slots[slot_of(address)].value = value; }
unsigned chip_written_at(uintptr_t address) { return slots[slot_of(address)].written_at; }
void chip_set_us(uint32_t us) { now_us = us; }
uint32_t chip_us(void) { return now_us; }

void chip_attach(struct chip_part part)
{
    assert_true(part_count < MOST_PARTS);
    parts[part_count++] = part;
}

static const struct chip_part *part_at(uintptr_t address)
{
    /* The last one attached is the first one asked. */
    for (size_t at = part_count; at-- > 0u;) {
        if (address - parts[at].base < parts[at].bytes) {
            return &parts[at];
        }
    }
    return NULL;
}

uint32_t mmio_read(uintptr_t address)
{
    const struct chip_part *part = part_at(address);
    if (part != NULL) {
        return part->read((uint32_t)(address - part->base));
    }
    return address == TIM2 + TIM_CNT ? now_us++ : chip_get(address);
}

void mmio_write(uintptr_t address, uint32_t value)
{
    const struct chip_part *part = part_at(address);
    slots[slot_of(address)].written_at = ++writes;
    if (part != NULL) {
        part->write((uint32_t)(address - part->base), value);
        return;
    }
    chip_put(address, value);
    if (address == RCC_CR) { /* RM0390 6.3.1: what is switched on becomes ready, and what is off is not */
        uint32_t ready = (value & RCC_CR_PLLON) != 0u ? RCC_CR_PLLRDY : 0u;
        chip_put(address, (value & ~RCC_CR_PLLRDY) | ready);
    } else if (address == RCC_CFGR) { /* RM0390 6.3.3: SWS follows SW */
        chip_put(address, (value & ~RCC_CFGR_SWS) | (value & 3u) << 2);
    }
}

void chip_reset(void)
{
    memset(slots, 0, sizeof slots);
    part_count = 0;
    writes = 0;
    now_us = 0;
    chip_critical = 0;
    chip_put(RCC_CR, RCC_CR_HSION | RCC_CR_HSIRDY); /* RM0390 6.3.1, reset value */
}

static uint32_t zero(uint32_t offset)
{
    (void)offset;
    return 0;
}

static uint32_t faults(uint32_t offset)
{
    fail_msg("a read of the factory's numbers (%#x) faults in QEMU", UID + offset);
    return 0;
}

static void ignore(uint32_t offset, uint32_t value)
{
    (void)offset;
    (void)value;
}

void chip_be_qemu(void)
{
    chip_attach((struct chip_part){RCC, 0x400, zero, ignore});
    chip_attach((struct chip_part){UID, 0x40, faults, ignore});
}

uint32_t critical_enter(void) { return (uint32_t)chip_critical++; }

void critical_leave(uint32_t state)
{
    chip_critical--;
    assert_int_equal(chip_critical, state);
}
