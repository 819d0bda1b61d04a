/* Pins: each setting in its field and nobody else's, and an output at its level before it is one. */
/* sources: drivers/gpio.c drivers/rcc.c test/model_chip.c */
#include "../board/stm32f4/registers.h"
#include "../drivers/gpio.h"
#include "model_chip.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define A GPIO_PORT(0u)
#define C GPIO_PORT(2u)

static int fresh(void **state)
{
    (void)state;
    chip_reset();
    chip_put(A + GPIO_MODER, 0xA8000000u); /* RM0390 7.4.1, reset value: PA13-15 are the debugger's */
    return 0;
}

static void an_output_stands_at_its_level_before_it_drives(void **state)
{
    (void)state;
    gpio_output(PIN(A, 5), true);
    assert_int_equal(chip_get(A + GPIO_BSRR), 1u << 5);
    assert_true(chip_written_at(A + GPIO_BSRR) < chip_written_at(A + GPIO_MODER));
    assert_int_equal(chip_get(A + GPIO_MODER), 0xA8000400u);
    assert_int_equal(chip_get(A + GPIO_OTYPER), 0);
    assert_int_equal(chip_get(RCC_AHB1ENR), 1);
}

static void a_port_gets_its_clock_before_anything_is_written(void **state)
{
    (void)state;
    gpio_output(PIN(C, 8), false);
    assert_int_equal(chip_get(RCC_AHB1ENR), 4);
    assert_true(chip_written_at(RCC_AHB1ENR) < chip_written_at(C + GPIO_BSRR));
    assert_int_equal(chip_get(C + GPIO_BSRR), 1u << 24);
}

static void an_open_drain_output_is_one(void **state)
{
    (void)state;
    gpio_open_drain(PIN(A, 3), true);
    assert_int_equal(chip_get(A + GPIO_OTYPER), 1u << 3);
    gpio_output(PIN(A, 3), true);
    assert_int_equal(chip_get(A + GPIO_OTYPER), 0);
}

static void an_input_is_pulled_as_told(void **state)
{
    (void)state;
    gpio_output(PIN(A, 1), false);
    gpio_input(PIN(A, 1), GPIO_PULL_UP);
    assert_int_equal(chip_get(A + GPIO_MODER), 0xA8000000u);
    assert_int_equal(chip_get(A + GPIO_PUPDR), 1u << 2);
    gpio_input(PIN(A, 1), GPIO_PULL_DOWN);
    assert_int_equal(chip_get(A + GPIO_PUPDR), 2u << 2);
}

static void an_analogue_pin_floats(void **state)
{
    (void)state;
    gpio_input(PIN(A, 0), GPIO_PULL_UP);
    gpio_analog(PIN(A, 0));
    assert_int_equal(chip_get(A + GPIO_MODER), 0xA8000003u);
    assert_int_equal(chip_get(A + GPIO_PUPDR), 0);
}

static void a_function_is_chosen_before_the_pin_is_handed_over(void **state)
{
    (void)state;
    gpio_alternate(PIN(A, 2), 7, false);
    assert_int_equal(chip_get(A + GPIO_AFRL), 7u << 8);
    assert_true(chip_written_at(A + GPIO_AFRL) < chip_written_at(A + GPIO_MODER));
    assert_int_equal(chip_get(A + GPIO_MODER), 0xA8000020u);
    gpio_alternate(PIN(A, 9), 4, true);
    assert_int_equal(chip_get(A + GPIO_AFRL + 4u), 4u << 4);
    assert_int_equal(chip_get(A + GPIO_OTYPER), 1u << 9);
    assert_int_equal(chip_get(A + GPIO_PUPDR), 1u << 18);
}

static void a_pin_is_read(void **state)
{
    (void)state;
    chip_put(C + GPIO_IDR, 1u << 13);
    assert_true(gpio_read(PIN(C, 13)));
    assert_false(gpio_read(PIN(C, 12)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_output_stands_at_its_level_before_it_drives, fresh),
        cmocka_unit_test_setup(a_port_gets_its_clock_before_anything_is_written, fresh),
        cmocka_unit_test_setup(an_open_drain_output_is_one, fresh),
        cmocka_unit_test_setup(an_input_is_pulled_as_told, fresh),
        cmocka_unit_test_setup(an_analogue_pin_floats, fresh),
        cmocka_unit_test_setup(a_function_is_chosen_before_the_pin_is_handed_over, fresh),
        cmocka_unit_test_setup(a_pin_is_read, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
