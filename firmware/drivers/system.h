/* The chip as a whole: its clock, why it started, its watchdog, its serial number. */
#ifndef SYSTEM_H
#define SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Full speed from the PLL; stays at 16 MHz (HSI) where that does not start in time. */
void system_start(void);
/* One of LINK_RESET_... (gen/link_messages.h); asked once, for it is cleared thereby. */
uint8_t system_reset_cause(void);
/* Whether the processor ended the program before this start; asked once (by system_reset_cause, on a chip). */
bool system_had_fault(void);
/* Resets when it is not fed for so long; cannot be stopped any more. */
void watchdog_start(uint32_t timeout_ms);
void watchdog_feed(void);
/* 12 bytes; false where the chip does not tell. */
bool system_uid(uint8_t uid[12]);
void system_reset(bool into_loader) __attribute__((noreturn));
/* Bytes of stack that were never used since the start. */
size_t system_stack_free(void);
/* Sleeps until an interrupt (a byte from the host) or for so long at most, whichever is first; at once back when something waits in
 * uart_read. May be shorter. */
void system_sleep(uint32_t most_us);
uint32_t critical_enter(void);
void critical_leave(uint32_t state);

#endif
