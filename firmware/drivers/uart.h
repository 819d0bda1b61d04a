/* The line to the host: interrupts fill and drain two rings, so that nobody waits for a byte. */
#ifndef UART_H
#define UART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void uart_start(uint32_t baud);
/* What has come in, at most `most` bytes. */
size_t uart_read(uint8_t *to, size_t most);
/* Whether something has come in; the chip asks before it sleeps. */
bool uart_has_bytes(void);
/* All of it or nothing: half a frame is of no use. */
bool uart_write(const uint8_t *from, size_t length);
/* Whether all has gone out. */
bool uart_idle(void);
/* Bytes that came in and found no room, since the start. */
uint32_t uart_rx_drops(void);

#endif
