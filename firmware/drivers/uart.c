/*
 * USART2 (RM0390, chapter 25), the line to the host: on a Nucleo the ST-LINK makes it a USB serial port. PA2 sends,
 * PA3 receives.
 *
 * QEMU's USART never raises the interrupt for an empty transmitter. So whoever queues bytes pends the interrupt
 * himself, and the handler sends for as long as the transmitter takes bytes: on a chip one or two, in QEMU all.
 */
#include "uart.h"
#include "../board/stm32f4/registers.h"
#include "gpio.h"
#include "mmio.h"
#include "rcc.h"
#include "ring.h"
#include "system.h"

#define USART_FUNCTION 7u /* data sheet, table 11 */
#define RUNNING (USART_CR1_UE | USART_CR1_TE | USART_CR1_RE | USART_CR1_RXNEIE)

static uint8_t rx_bytes[512];
static uint8_t tx_bytes[2048];
static struct ring rx = {rx_bytes, sizeof rx_bytes, 0, 0};
static struct ring tx = {tx_bytes, sizeof tx_bytes, 0, 0};
static atomic_uint rx_drops;

/* In the vector table (board/stm32f4/startup.c). */
void usart2_interrupt(void);

void uart_start(uint32_t baud)
{
    gpio_alternate(PIN(A, 2), USART_FUNCTION, false);
    gpio_alternate(PIN(A, 3), USART_FUNCTION, false);
    rcc_enable(RCC_APB1ENR, RCC_APB1ENR_USART2);
    mmio_write(USART_BRR, (rcc_apb1_hz() + baud / 2u) / baud); /* RM0390 25.4.4: in sixteenths of the divider */
    mmio_write(USART_CR1, RUNNING);                            /* RM0390 25.6.4: 8 bits, no parity */
    mmio_write(NVIC_ISER + 4u * (USART2_IRQ / 32u), 1u << (USART2_IRQ % 32u)); /* PM0214 4.3.2 */
}

void usart2_interrupt(void)
{
    uint32_t status = mmio_read(USART_SR); /* RM0390 25.6.1 */
    if ((status & (USART_SR_RXNE | USART_SR_ORE)) != 0u) {
        uint8_t byte = (uint8_t)mmio_read(USART_DR); /* RM0390 25.6.2: ends RXNE, and after a read of SR also ORE */
        if ((status & USART_SR_RXNE) != 0u && !ring_put(&rx, byte)) {
            rx_drops++;
        }
        if ((status & USART_SR_ORE) != 0u) {
            rx_drops++; /* RM0390 25.4.3: at least one was lost before it was read */
        }
    }
    while ((mmio_read(USART_SR) & USART_SR_TXE) != 0u) {
        uint8_t byte;
        if (!ring_take(&tx, &byte)) {
            mmio_write(USART_CR1, RUNNING);
            break;
        }
        mmio_write(USART_DR, byte);
    }
}

size_t uart_read(uint8_t *to, size_t most)
{
    size_t length = 0;
    while (length < most && ring_take(&rx, &to[length])) {
        length++;
    }
    return length;
}

bool uart_has_bytes(void)
{
    return ring_used(&rx) > 0u;
}

bool uart_write(const uint8_t *from, size_t length)
{
    if (length > ring_free(&tx)) {
        return false;
    }
    for (size_t at = 0; at < length; at++) {
        (void)ring_put(&tx, from[at]);
    }
    uint32_t state = critical_enter(); /* the handler writes CR1 too */
    mmio_write(USART_CR1, RUNNING | USART_CR1_TXEIE);
    critical_leave(state);
    mmio_write(NVIC_ISPR + 4u * (USART2_IRQ / 32u), 1u << (USART2_IRQ % 32u)); /* PM0214 4.3.4 */
    return true;
}

bool uart_idle(void)
{
    return ring_used(&tx) == 0u && (mmio_read(USART_SR) & USART_SR_TC) != 0u; /* RM0390 25.6.1: the last bit is out */
}

uint32_t uart_rx_drops(void)
{
    return rx_drops;
}
