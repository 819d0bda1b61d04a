/* What the linker script tells (skein-hub.ld). Arrays, for only their addresses mean something. */
#ifndef LINKER_H
#define LINKER_H

#include <stddef.h>
#include <stdint.h>

extern uint32_t data_start[], data_end[], data_load[];
extern uint32_t bss_start[], bss_end[];
extern uint32_t stack_limit[], stack_top[];

/* By numbers, for C does not know that both lie in one memory. */
static inline size_t words_between(const uint32_t *from, const uint32_t *to)
{
    return ((uintptr_t)to - (uintptr_t)from) / sizeof *from;
}

/* What stands in the stack where nothing has been yet. */
#define STACK_PAINT 0xC5C5C5C5u

/* Jumps into the maker's boot loader if that was wished before the reset (cpu.c). */
void enter_loader_if_wished(void);
/* Resets, and is remembered as what the program did wrong (cpu.c). */
void reset_by_fault(void);

#endif
