/* Every access to a register goes through these two, so that each driver runs on the PC against a model of its registers. */
#ifndef MMIO_H
#define MMIO_H

#include <stdint.h>

#ifdef FIRMWARE_HOST
uint32_t mmio_read(uintptr_t address);
void mmio_write(uintptr_t address, uint32_t value);
#else
static inline uint32_t mmio_read(uintptr_t address) { return *(volatile uint32_t *)address; }
static inline void mmio_write(uintptr_t address, uint32_t value) { *(volatile uint32_t *)address = value; }
#endif

#endif
