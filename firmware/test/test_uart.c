/* The line to the host: bytes both ways in their order, on a chip and in QEMU, and what has no room is counted or
 * refused whole. */
/* sources: drivers/uart.c drivers/gpio.c drivers/rcc.c test/model_chip.c test/model_uart.c */
#include "../board/stm32f4/registers.h"
#include "../drivers/system.h"
#include "../drivers/uart.h"
#include "model_chip.h"
#include "model_uart.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#define TX_ROOM 2048u
#define RX_ROOM 512u

static uint8_t pattern[TX_ROOM];

/* The rings are the driver's own and stay over the tests: each begins with them empty. */
static int start(bool as_qemu)
{
    chip_reset();
    system_start();
    uart_model_attach(as_qemu);
    uart_start(115200);
    uint8_t rest[RX_ROOM];
    while (uart_read(rest, sizeof rest) > 0u) {
    }
    for (size_t at = 0; at < sizeof pattern; at++) {
        pattern[at] = (uint8_t)(at * 7u + at / 256u);
    }
    return 0;
}

static int on_a_chip(void **state)
{
    (void)state;
    return start(false);
}

static int in_qemu(void **state)
{
    (void)state;
    return start(true);
}

static void it_has_its_pins_its_speed_and_its_interrupt(void **state)
{
    (void)state;
    assert_int_equal(chip_get(USART_BRR), 365); /* 42 MHz / 115200 = 364.6 */
    assert_int_equal(chip_get(GPIO_PORT(0u) + GPIO_AFRL), 0x7700);
    assert_int_equal(chip_get(GPIO_PORT(0u) + GPIO_MODER), 0xA0);
    assert_int_equal(chip_get(RCC_APB1ENR), 1u << 17);
    assert_int_equal(chip_get(NVIC_ISER + 4u), 1u << 6);
}

static void a_chip_sends_byte_by_byte(void **state)
{
    (void)state;
    assert_true(uart_write(pattern, 300));
    assert_false(uart_idle());
    for (int byte = 0; byte < 299; byte++) {
        uart_model_byte_time();
    }
    assert_false(uart_idle()); /* the last one is still on its way */
    uart_model_byte_time();
    assert_true(uart_idle());
    assert_int_equal(uart_model_sent, 300);
    assert_memory_equal(uart_model_line, pattern, 300);
}

static void a_chip_is_left_in_peace_when_nothing_is_to_be_sent(void **state)
{
    (void)state;
    assert_true(uart_write(pattern, 10));
    for (int byte = 0; byte < 20; byte++) {
        uart_model_byte_time();
    }
    unsigned interrupts = uart_model_interrupts;
    for (int byte = 0; byte < 20; byte++) {
        uart_model_byte_time();
    }
    assert_int_equal(uart_model_interrupts, interrupts);
}

static void qemu_sends_all_although_it_never_interrupts_for_it(void **state)
{
    (void)state;
    assert_true(uart_write(pattern, 1000));
    assert_true(uart_idle());
    assert_int_equal(uart_model_sent, 1000);
    assert_memory_equal(uart_model_line, pattern, 1000);
    assert_int_equal(uart_model_interrupts, 1);
}

static void what_does_not_fit_is_refused_whole(void **state)
{
    (void)state;
    assert_false(uart_write(pattern, TX_ROOM + 1u));
    uart_model_mask(true);
    assert_true(uart_write(pattern, TX_ROOM - 10u));
    assert_false(uart_write(pattern, 11));
    assert_true(uart_write(&pattern[TX_ROOM - 10u], 10));
    assert_false(uart_write(pattern, 1));
    assert_true(uart_write(pattern, 0));
    uart_model_mask(false);
    for (size_t byte = 0; byte <= TX_ROOM; byte++) {
        uart_model_byte_time();
    }
    assert_int_equal(uart_model_sent, TX_ROOM);
    assert_memory_equal(uart_model_line, pattern, TX_ROOM);
}

static void what_comes_in_is_read_in_its_order(void **state)
{
    (void)state;
    uint8_t got[8];
    assert_false(uart_has_bytes());
    for (uint8_t byte = 1; byte <= 20u; byte++) {
        uart_model_receive(byte);
    }
    assert_true(uart_has_bytes());
    assert_int_equal(uart_read(got, 8), 8);
    assert_memory_equal(got, "\1\2\3\4\5\6\7\10", 8);
    assert_int_equal(uart_read(got, 8), 8);
    assert_int_equal(uart_read(got, 8), 4);
    assert_int_equal(got[3], 20);
    assert_int_equal(uart_read(got, 8), 0);
    assert_int_equal(uart_rx_drops(), 0);
}

static void it_receives_while_it_sends(void **state)
{
    (void)state;
    uint8_t got[200];
    assert_true(uart_write(pattern, 200));
    for (uint8_t byte = 0; byte < 200u; byte++) {
        uart_model_receive(pattern[byte]);
        uart_model_byte_time();
    }
    assert_int_equal(uart_read(got, 200), 200);
    assert_memory_equal(got, pattern, 200);
    assert_memory_equal(uart_model_line, pattern, uart_model_sent);
    assert_int_equal(uart_model_sent, 200);
}

static void a_full_ring_counts_what_it_had_no_room_for(void **state)
{
    (void)state;
    uint8_t got[RX_ROOM];
    uint32_t before = uart_rx_drops();
    for (size_t byte = 0; byte < RX_ROOM + 7u; byte++) {
        uart_model_receive(pattern[byte]);
    }
    assert_int_equal(uart_rx_drops() - before, 7);
    assert_int_equal(uart_read(got, RX_ROOM), RX_ROOM);
    assert_memory_equal(got, pattern, RX_ROOM);
    uart_model_receive(42);
    assert_int_equal(uart_read(got, RX_ROOM), 1);
    assert_int_equal(got[0], 42);
}

static void a_byte_that_was_overrun_is_counted(void **state)
{
    (void)state;
    uint8_t got[4];
    uint32_t before = uart_rx_drops();
    uart_model_mask(true);
    uart_model_receive(1);
    uart_model_receive(2);
    uart_model_mask(false);
    assert_int_equal(uart_rx_drops() - before, 1);
    assert_int_equal(uart_read(got, 4), 1);
    assert_int_equal(got[0], 1);
    uart_model_receive(3);
    assert_int_equal(uart_read(got, 4), 1);
    assert_int_equal(uart_rx_drops() - before, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(it_has_its_pins_its_speed_and_its_interrupt, on_a_chip),
        cmocka_unit_test_setup(a_chip_sends_byte_by_byte, on_a_chip),
        cmocka_unit_test_setup(a_chip_is_left_in_peace_when_nothing_is_to_be_sent, on_a_chip),
        cmocka_unit_test_setup(qemu_sends_all_although_it_never_interrupts_for_it, in_qemu),
        cmocka_unit_test_setup(what_does_not_fit_is_refused_whole, on_a_chip),
        cmocka_unit_test_setup(what_comes_in_is_read_in_its_order, on_a_chip),
        cmocka_unit_test_setup(it_receives_while_it_sends, on_a_chip),
        cmocka_unit_test_setup(a_full_ring_counts_what_it_had_no_room_for, on_a_chip),
        cmocka_unit_test_setup(a_byte_that_was_overrun_is_counted, on_a_chip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
