/* A voltage. */
/* sources: peripherals/analog_in.c test/fake_board.c */
#include "fake_board.h"

#include <math.h>

#include "../peripherals/analog_in.h"

static struct analog_in_state state;
static const struct analog_in parts = {
    .pin = PIN(A, 4), .adc = 4, .at_zero = -10, .at_full = 110, .rails_are_fault = true};
static const struct channel level = {.kind = &analog_in_kind, .parts = &parts, .state = &state, .tick_ms = 10};

static void has_no_value_before_the_first_conversion(void **s)
{
    (void)s;
    analog_in_kind.start(&level);
    assert_true(isnan(analog_in_kind.read(&level).value));
    assert_int_equal(analog_in_kind.read(&level).fault, 0);
}

static void lays_the_converters_range_over_the_units(void **s)
{
    (void)s;
    analog_in_kind.start(&level);
    fake.adc = 2048;
    fake_pass(&level, 10);
    assert_float_equal(analog_in_kind.read(&level).value, 50.0147, 0.001);
}

static void smooths_a_jump_and_gets_there(void **s)
{
    (void)s;
    analog_in_kind.start(&level);
    fake.adc = 1000;
    fake_pass(&level, 10);
    const float before = analog_in_kind.read(&level).value;

    fake.adc = 3000;
    fake_pass(&level, 10);
    assert_float_equal(analog_in_kind.read(&level).value - before, 0.25 * 2000 * 120 / 4095, 0.001);
    fake_pass(&level, 160);
    assert_float_equal(analog_in_kind.read(&level).value - before, 2000.0 * 120 / 4095, 0.6);
}

static void at_a_rail_a_wire_is_off(void **s)
{
    static const struct { uint16_t raw; uint8_t fault; } rows[] = {
        {0, LINK_FAULT_OUT_OF_RANGE}, {16, LINK_FAULT_OUT_OF_RANGE}, {17, 0},
        {4078, 0}, {4079, LINK_FAULT_OUT_OF_RANGE}, {4095, LINK_FAULT_OUT_OF_RANGE}};

    (void)s;
    analog_in_kind.start(&level);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fake.adc = rows[i].raw;
        fake_pass(&level, 10);
        assert_int_equal(analog_in_kind.read(&level).fault, rows[i].fault);
    }
}

static void a_conversion_that_does_not_end_is_a_time_out_and_ends(void **s)
{
    (void)s;
    analog_in_kind.start(&level);
    fake.adc_fails = true;
    fake_pass(&level, 10);
    assert_int_equal(analog_in_kind.read(&level).fault, LINK_FAULT_TIME_OUT);
    fake.adc_fails = false;
    fake.adc = 2048;
    fake_pass(&level, 10);
    assert_int_equal(analog_in_kind.read(&level).fault, 0);
    assert_float_equal(analog_in_kind.read(&level).value, 50, 0.1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(has_no_value_before_the_first_conversion, fake_reset),
        cmocka_unit_test_setup(lays_the_converters_range_over_the_units, fake_reset),
        cmocka_unit_test_setup(smooths_a_jump_and_gets_there, fake_reset),
        cmocka_unit_test_setup(at_a_rail_a_wire_is_off, fake_reset),
        cmocka_unit_test_setup(a_conversion_that_does_not_end_is_a_time_out_and_ends, fake_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
