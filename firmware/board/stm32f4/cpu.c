/* What only the processor itself can do: shut interrupts out, reset, and look at its stack. The host has its own
 * (board/host/system.c). */
#include "../../drivers/mmio.h"
#include "../../drivers/rcc.h"
#include "../../drivers/system.h"
#include "../../drivers/uart.h"
#include "linker.h"
#include "registers.h"

#define LOADER_WISHED 0xB007104Du
#define FAULTED 0xFA171DEDu

/* Why the program resets the chip itself. Outside of data and bss, so the reset leaves it alone. */
static volatile uint32_t reason __attribute__((section(".kept")));

uint32_t critical_enter(void)
{
    uint32_t state;
    __asm volatile("mrs %0, primask\n cpsid i" : "=r"(state)::"memory"); /* PM0214 2.1.3 */
    return state;
}

void critical_leave(uint32_t state)
{
    __asm volatile("msr primask, %0" ::"r"(state) : "memory");
}

/* SysTick ends the sleep when no byte does. Interrupts are shut out meanwhile: one that comes ends the sleep all the
 * same (PM0214 2.5.3), and none can come unseen between the look and the sleep. */
void system_sleep(uint32_t most_us)
{
    uint32_t mhz = rcc_core_hz() / 1000000u;
    uint32_t us = most_us < STK_LOAD_MOST / mhz ? most_us : STK_LOAD_MOST / mhz;
    if (us == 0u) {
        return;
    }
    mmio_write(STK_LOAD, us * mhz); /* PM0214 4.5.2 */
    mmio_write(STK_VAL, 0u);        /* PM0214 4.5.3: begins anew */
    uint32_t state = critical_enter();
    if (!uart_has_bytes()) {
        mmio_write(STK_CTRL, STK_CTRL_RUN); /* PM0214 4.5.1 */
        __asm volatile("dsb\n wfi" ::: "memory");
    }
    critical_leave(state);
    mmio_write(STK_CTRL, 0u);
}

__attribute__((noreturn)) static void reset_because(uint32_t why)
{
    reason = why;
    __asm volatile("dsb" ::: "memory");
    mmio_write(SCB_AIRCR, SCB_AIRCR_RESET); /* PM0214 4.4.5 */
    for (;;) {
    }
}

/* Through a reset also into the boot loader: it expects a chip as after one (AN2606, 4.1), and the watchdog is
 * stopped thereby. */
void system_reset(bool into_loader)
{
    reset_because(into_loader ? LOADER_WISHED : 0u);
}

void reset_by_fault(void)
{
    reset_because(FAULTED);
}

bool system_had_fault(void)
{
    bool had = reason == FAULTED;
    reason = 0u;
    return had;
}

void enter_loader_if_wished(void)
{
    if (reason != LOADER_WISHED || rcc_emulated()) { /* QEMU has no such loader */
        return;
    }
    reason = 0u;
    rcc_enable(RCC_APB2ENR, RCC_APB2ENR_SYSCFG); /* RM0390 6.3.14 */
    mmio_write(SYSCFG_MEMRMP, SYSCFG_MEMRMP_LOADER); /* RM0390 8.2.1: its vectors at 0, where it looks for them */
    uint32_t stack = mmio_read(SYSTEM_MEMORY);
    uint32_t entry = mmio_read(SYSTEM_MEMORY + 4u);
    __asm volatile("msr msp, %0\n bx %1" ::"r"(stack), "r"(entry) : "memory");
}

size_t system_stack_free(void)
{
    const volatile uint32_t *stack = stack_limit;
    size_t word = 0;
    while (word < words_between(stack_limit, stack_top) && stack[word] == STACK_PAINT) {
        word++;
    }
    return word * sizeof *stack;
}
