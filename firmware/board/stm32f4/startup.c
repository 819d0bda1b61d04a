/*
 * From the reset to main: the vector table (RM0390 10.1.3, table 38) and what C wants before it begins. The table
 * ends with the one interrupt that is ever enabled (drivers/uart.c); no other can come.
 */
#include "linker.h"
#include "registers.h"
#include "../../drivers/mmio.h"

int main(void);
void reset_handler(void);
void usart2_interrupt(void);

/* A fault of the processor, or an interrupt that cannot be. Resets at once: it makes every pin an input, and so the
 * outputs safe, while waiting for the watchdog would leave a motor running. */
static void unexpected(void)
{
    reset_by_fault();
}

/* SysTick: it has ended a sleep (cpu.c), and that was all. */
static void woken(void)
{
}

#define UNUSED_4 unexpected, unexpected, unexpected, unexpected
#define UNUSED_16 UNUSED_4, UNUSED_4, UNUSED_4, UNUSED_4

struct vectors {
    const uint32_t *stack;
    void (*handlers[15u + USART2_IRQ + 1u])(void);
};

extern const struct vectors vectors;
__attribute__((section(".vectors"), used)) const struct vectors vectors = {
    stack_top,
    {
        reset_handler,
        /* The other exceptions of the processor (PM0214 2.3.4), SysTick last */
        UNUSED_4, UNUSED_4, UNUSED_4, unexpected, woken,
        /* 38 interrupts before USART2's */
        UNUSED_16, UNUSED_16, UNUSED_4, unexpected, unexpected,
        usart2_interrupt,
    },
};

/* All that was never used keeps its paint, so it can be counted how deep the stack ever was (cpu.c). `volatile` also
 * keeps the compiler from calling memset, whose own frame would be painted over. */
static void paint_stack(void)
{
    volatile uint32_t *stack = stack_limit;
    const uint32_t *here;
    __asm volatile("mrs %0, msp" : "=r"(here));
    for (size_t word = 0; word < words_between(stack_limit, here); word++) {
        stack[word] = STACK_PAINT;
    }
}

__attribute__((noreturn)) void reset_handler(void)
{
    enter_loader_if_wished();
    mmio_write(FPU_CPACR, mmio_read(FPU_CPACR) | FPU_CPACR_FULL); /* PM0214 4.6.1: before the first float */
    __asm volatile("dsb\n isb" ::: "memory");
    mmio_write(SCB_VTOR, (uint32_t)(uintptr_t)&vectors); /* PM0214 4.4.4: the boot loader leaves its own there */
    paint_stack();
    for (size_t word = 0; word < words_between(data_start, data_end); word++) {
        data_start[word] = data_load[word];
    }
    for (size_t word = 0; word < words_between(bss_start, bss_end); word++) {
        bss_start[word] = 0;
    }
    (void)main();
    reset_by_fault();
    for (;;) {
    }
}
