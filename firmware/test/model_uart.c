/* See model_uart.h. */
#include "model_uart.h"
#include "../board/stm32f4/registers.h"
#include "model_chip.h"
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

uint8_t uart_model_line[8192];
size_t uart_model_sent;
unsigned uart_model_interrupts;

void usart2_interrupt(void); /* drivers/uart.c */

static bool qemu, masked, pended, handling, status_read;
static uint32_t status, control;
static uint8_t received, in_data, shifting;
static bool data_full, shift_full;

static bool wants_interrupt(void)
{
    uint32_t causes = 0;
    if ((control & USART_CR1_RXNEIE) != 0u) {
        causes |= USART_SR_RXNE | USART_SR_ORE;
    }
    if ((control & USART_CR1_TXEIE) != 0u && !qemu) {
        causes |= USART_SR_TXE;
    }
    return pended || (status & causes) != 0u;
}

static void interrupt(void)
{
    while (!handling && !masked && chip_critical == 0 && wants_interrupt()) {
        bool enabled = (chip_get(NVIC_ISER + 4u) & 1u << 6) != 0u; /* 38 = 32 + 6 */
        assert_true(enabled);
        pended = false;
        handling = true;
        uart_model_interrupts++;
        usart2_interrupt();
        handling = false;
    }
}

static void out(uint8_t byte)
{
    assert_true(uart_model_sent < sizeof uart_model_line);
    uart_model_line[uart_model_sent++] = byte;
}

static void shift(void)
{
    if (data_full && !shift_full) {
        shifting = in_data;
        shift_full = true;
        data_full = false;
        status |= USART_SR_TXE;
        status &= ~USART_SR_TC;
    }
}

static uint32_t reads(uint32_t offset)
{
    switch (USART2 + offset) {
    case USART_SR:
        status_read = true;
        return status;
    case USART_DR:
        status &= ~USART_SR_RXNE;
        if (status_read) {
            status &= ~USART_SR_ORE; /* RM0390 25.6.1: SR, then DR */
        }
        status_read = false;
        return received;
    case USART_CR1:
        return control;
    default:
        return chip_get(USART2 + offset);
    }
}

static void written(uint32_t offset, uint32_t value)
{
    switch (USART2 + offset) {
    case USART_DR:
        assert_true((status & USART_SR_TXE) != 0u); /* else a byte would be lost */
        if (qemu) {
            out((uint8_t)value);
            return;
        }
        in_data = (uint8_t)value;
        data_full = true;
        status &= ~(USART_SR_TXE | USART_SR_TC);
        shift();
        return;
    case USART_CR1:
        control = value;
        break;
    default:
        chip_put(USART2 + offset, value);
        return;
    }
    interrupt();
}

static uint32_t never_read(uint32_t offset)
{
    (void)offset;
    return 0;
}

static void pend(uint32_t offset, uint32_t value)
{
    pended = pended || (offset == 4u && (value & 1u << 6) != 0u);
    interrupt();
}

void uart_model_attach(bool as_qemu)
{
    qemu = as_qemu;
    masked = pended = handling = status_read = data_full = shift_full = false;
    status = USART_SR_TXE | USART_SR_TC; /* RM0390 25.6.1, reset value */
    control = 0;
    uart_model_sent = 0;
    uart_model_interrupts = 0;
    chip_attach((struct chip_part){USART2, 0x18, reads, written});
    chip_attach((struct chip_part){NVIC_ISPR, 0x20, never_read, pend});
}

void uart_model_receive(uint8_t byte)
{
    if ((control & (USART_CR1_UE | USART_CR1_RE)) != (USART_CR1_UE | USART_CR1_RE)) {
        return;
    }
    if ((status & USART_SR_RXNE) != 0u) {
        status |= USART_SR_ORE; /* RM0390 25.4.3: the new one is lost */
    } else {
        received = byte;
        status |= USART_SR_RXNE;
    }
    interrupt();
}

void uart_model_byte_time(void)
{
    if (shift_full) {
        out(shifting);
        shift_full = false;
        shift();
        if (!shift_full) {
            status |= USART_SR_TC;
        }
    }
    interrupt();
}

void uart_model_mask(bool on)
{
    masked = on;
    interrupt();
}
