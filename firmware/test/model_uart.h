/* USART2 (RM0390, chapter 25) with its interrupt, as a chip has it and as QEMU has it. */
#ifndef MODEL_UART_H
#define MODEL_UART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What has gone out on the line. */
extern uint8_t uart_model_line[8192];
extern size_t uart_model_sent;
/* Interrupts since it was attached. */
extern unsigned uart_model_interrupts;

/* As on a chip: a byte takes its time, TXE interrupts. As in QEMU: a byte is out at once, TXE never interrupts. */
void uart_model_attach(bool as_qemu);
/* A byte comes in; when the one before has not been read, that is an overrun. */
void uart_model_receive(uint8_t byte);
/* The time of one byte passes: what is in the shift register is out. */
void uart_model_byte_time(void);
/* No interrupt is taken until it is let go on: what came meanwhile is taken then. */
void uart_model_mask(bool masked);

#endif
