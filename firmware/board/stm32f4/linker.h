/* What the linker script tells (skein-hub.ld). Arrays, for only their addresses mean something. */
#ifndef LINKER_H
#define LINKER_H

#include <stdint.h>

extern uint32_t data_start[], data_end[], data_load[];
extern uint32_t bss_start[], bss_end[];
extern uint32_t stack_limit[], stack_top[];

/* What stands in the stack where nothing has been yet. */
#define STACK_PAINT 0xC5C5C5C5u

/* Jumps into the maker's boot loader if that was wished before the reset (cpu.c). */
void enter_loader_if_wished(void);

#endif
