/* I2C: what a part sees of a write and of reads of every length, and every failure soon over and not lasting. */
/* sources: drivers/i2c.c drivers/i2c_bus.c drivers/gpio.c drivers/clock.c drivers/rcc.c test/model_chip.c
   test/model_i2c.c */
#include "../board/stm32f4/registers.h"
#include "../drivers/gpio.h"
#include "../drivers/i2c.h"
#include "../drivers/system.h"
#include "model_chip.h"
#include "model_i2c.h"
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const uint8_t words[] = {0x24, 0x00, 0x33};

static int fresh(void **state)
{
    (void)state;
    chip_reset();
    system_start();
    i2c_model_attach();
    i2c_start(1, PIN(B, 8), PIN(B, 9), 4);
    i2c_model.clocks = i2c_model.stops = i2c_model.resets = 0;
    return 0;
}

static void works(void)
{
    i2c_model.got_count = 0;
    assert_int_equal(i2c_write(1, 0x44, words, 3), I2C_OK);
    assert_int_equal(i2c_model.got_count, 3);
    assert_memory_equal(i2c_model.got, words, 3);
}

static void it_runs_at_100_khz_with_its_pins_open_drain(void **state)
{
    (void)state;
    assert_int_equal(chip_get(I2C_BUS(1u) + I2C_CR2), 42);
    assert_int_equal(chip_get(I2C_BUS(1u) + I2C_CCR), 210);
    assert_int_equal(chip_get(I2C_BUS(1u) + I2C_TRISE), 43);
    assert_int_equal(chip_get(RCC_APB1ENR) & 7u << 21, 1u << 21);
    assert_int_equal(chip_get(GPIO_PORT(1u) + GPIO_AFRL + 4u), 0x44);
    assert_int_equal(chip_get(GPIO_PORT(1u) + GPIO_OTYPER), 0x300);
}

static void a_write_reaches_the_part_and_ends_with_a_stop(void **state)
{
    (void)state;
    works();
    assert_int_equal(i2c_model.starts, 1);
    assert_int_equal(i2c_model.stops, 1);
    assert_int_equal(i2c_model.clocks, 0);
}

static void a_write_of_nothing_asks_whether_the_part_is_there(void **state)
{
    (void)state;
    assert_int_equal(i2c_write(1, 0x44, words, 0), I2C_OK);
    assert_int_equal(i2c_write(1, 0x45, words, 0), I2C_NO_ANSWER);
    assert_int_equal(i2c_model.stops, 2);
}

static void a_read_takes_as_many_bytes_as_it_wants_and_refuses_the_last(void **state)
{
    (void)state;
    for (size_t length = 1; length <= 12u; length++) {
        uint8_t got[13] = {0};
        i2c_model.given_count = 0;
        i2c_model.stops = 0;
        assert_int_equal(i2c_read(1, 0x44, got, length), I2C_OK);
        assert_memory_equal(got, i2c_model.gives, length);
        assert_int_equal(got[length], 0);
        assert_int_equal(i2c_model.given_count, length);
        assert_true(i2c_model.last_refused);
        assert_int_equal(i2c_model.stops, 1);
        assert_int_equal(chip_critical, 0);
    }
    works();
}

static void nobody_at_the_address_is_no_answer(void **state)
{
    (void)state;
    uint8_t got[3];
    assert_int_equal(i2c_write(1, 0x45, words, 3), I2C_NO_ANSWER);
    assert_int_equal(i2c_read(1, 0x45, got, 3), I2C_NO_ANSWER);
    assert_int_equal(i2c_read(1, 0x45, got, 1), I2C_NO_ANSWER);
    assert_int_equal(i2c_model.stops, 3);
    assert_int_equal(i2c_model.resets, 0);
    works();
}

static void a_part_that_refuses_a_byte_is_no_answer(void **state)
{
    (void)state;
    i2c_model.takes = 1;
    assert_int_equal(i2c_write(1, 0x44, words, 3), I2C_NO_ANSWER);
    assert_int_equal(i2c_model.stops, 1);
    i2c_model.takes = 16;
    works();
}

/* Each of them for all that can be said, soon over, and the bus works again when the trouble is gone. */
static void trouble_ends_soon_and_does_not_last(void **state)
{
    (void)state;
    const struct {
        enum i2c_trouble trouble;
        enum i2c_result result;
    } rows[] = {
        {I2C_NO_START, I2C_TIME_OUT},    {I2C_SILENT_ADDRESS, I2C_TIME_OUT}, {I2C_SILENT_DATA, I2C_TIME_OUT},
        {I2C_LOST_LINE, I2C_STUCK},      {I2C_BUS_ERROR, I2C_STUCK},
    };
    for (size_t row = 0; row < sizeof rows / sizeof rows[0]; row++) {
        uint8_t got[5];
        i2c_model.trouble = rows[row].trouble;
        uint32_t before = chip_us();
        assert_int_equal(i2c_write(1, 0x44, words, 3), rows[row].result);
        for (size_t length = 1; length <= 5u; length++) {
            assert_int_equal(i2c_read(1, 0x44, got, length), rows[row].result);
        }
        assert_true(chip_us() - before < 6u * 3000u);
        assert_int_equal(chip_critical, 0);
        i2c_model.trouble = I2C_WELL;
        works();
    }
}

static void a_part_cut_off_in_a_byte_is_clocked_out(void **state)
{
    (void)state;
    i2c_model.held_for = 7;
    works();
    assert_int_equal(i2c_model.held_for, 0);
    assert_true(i2c_model.clocks >= 9u);
}

static void a_part_cut_off_by_the_reset_is_clocked_out_at_the_start(void **state)
{
    (void)state;
    i2c_model.held_for = 9;
    i2c_start(1, PIN(B, 8), PIN(B, 9), 4);
    assert_int_equal(i2c_model.held_for, 0);
    i2c_model.clocks = 0;
    works();
    assert_int_equal(i2c_model.clocks, 0);
}

static void a_line_that_stays_down_is_stuck_for_as_long(void **state)
{
    (void)state;
    uint8_t got[2];
    i2c_model.held_for = UINT_MAX;
    uint32_t before = chip_us();
    assert_int_equal(i2c_write(1, 0x44, words, 3), I2C_STUCK);
    assert_int_equal(i2c_read(1, 0x44, got, 2), I2C_STUCK);
    assert_true(chip_us() - before < 2u * 3000u);
    assert_int_equal(i2c_model.starts, 0);
    i2c_model.held_for = 0;
    i2c_model.scl_shorted = true;
    assert_int_equal(i2c_write(1, 0x44, words, 3), I2C_STUCK);
    i2c_model.scl_shorted = false;
    works();
}

static void there_are_three_buses(void **state)
{
    (void)state;
    uint8_t got[1];
    i2c_start(0, PIN(B, 8), PIN(B, 9), 4);
    i2c_start(4, PIN(B, 8), PIN(B, 9), 4);
    assert_int_equal(i2c_model.resets, 0);
    assert_int_equal(i2c_write(0, 0x44, words, 1), I2C_NO_ANSWER);
    assert_int_equal(i2c_read(4, 0x44, got, 1), I2C_NO_ANSWER);
    assert_int_equal(i2c_read(1, 0x44, got, 0), I2C_NO_ANSWER);
    assert_int_equal(i2c_model.starts, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(it_runs_at_100_khz_with_its_pins_open_drain, fresh),
        cmocka_unit_test_setup(a_write_reaches_the_part_and_ends_with_a_stop, fresh),
        cmocka_unit_test_setup(a_write_of_nothing_asks_whether_the_part_is_there, fresh),
        cmocka_unit_test_setup(a_read_takes_as_many_bytes_as_it_wants_and_refuses_the_last, fresh),
        cmocka_unit_test_setup(nobody_at_the_address_is_no_answer, fresh),
        cmocka_unit_test_setup(a_part_that_refuses_a_byte_is_no_answer, fresh),
        cmocka_unit_test_setup(trouble_ends_soon_and_does_not_last, fresh),
        cmocka_unit_test_setup(a_part_cut_off_in_a_byte_is_clocked_out, fresh),
        cmocka_unit_test_setup(a_part_cut_off_by_the_reset_is_clocked_out_at_the_start, fresh),
        cmocka_unit_test_setup(a_line_that_stays_down_is_stuck_for_as_long, fresh),
        cmocka_unit_test_setup(there_are_three_buses, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
