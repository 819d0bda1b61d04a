/*
 * The chip's registers for the tests of the drivers: what was written is read back, unless a model of a part is
 * attached there. TIM2, the clock, is always modelled: each look at it takes a microsecond, so a wait ends without
 * waiting.
 */
#ifndef MODEL_CHIP_H
#define MODEL_CHIP_H

#include <stdint.h>

/* As after a reset, at 16 MHz, the PLL starting when it is told to. */
void chip_reset(void);
/* As QEMU: the RCC reads as zeros, and a read of the factory's numbers fails the test, as there it faults. */
void chip_be_qemu(void);
/* Without the calls of a driver: no model is asked, and no write is counted. */
uint32_t chip_get(uintptr_t address);
void chip_put(uintptr_t address, uint32_t value);

struct chip_part {
    uintptr_t base;
    uint32_t bytes;
    uint32_t (*read)(uint32_t offset);
    void (*write)(uint32_t offset, uint32_t value);
};
void chip_attach(struct chip_part part);

/* How many writes of all registers came up to the last one to this; 0: none to this. */
unsigned chip_written_at(uintptr_t address);
/* The clock; setting it makes wraps near. */
void chip_set_us(uint32_t us);
uint32_t chip_us(void);

/* How deep critical sections are nested at this moment. */
extern int chip_critical;

#endif
