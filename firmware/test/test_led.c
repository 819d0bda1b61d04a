/* A lamp. */
/* sources: peripherals/led.c test/fake_board.c */
#include "fake_board.h"

#include "../peripherals/led.h"

static struct led_state state;
static const struct led parts = {.pin = PIN(B, 6), .function = 2, .pwm = {4, 1}};
static const struct channel lamp = {.kind = &led_kind, .max = 100, .parts = &parts, .state = &state, .tick_ms = 20};

static void starts_dark_and_then_takes_the_pin(void **s)
{
    (void)s;
    led_kind.start(&lamp);
    assert_int_equal(fake.tick_hz / fake.period, 1000);
    assert_int_equal(fake.pulse, 0);
    assert_int_equal(fake.function[PIN(B, 6)], 2);
    assert_float_equal(led_kind.read(&lamp).value, 0, 0);
}

static void shines_by_percent_in_steps_of_a_tenth(void **s)
{
    static const struct { float percent; uint16_t pulse; } rows[] = {
        {0, 0}, {0.1f, 1}, {33.3f, 333}, {50, 500}, {100, 1000}};

    (void)s;
    led_kind.start(&lamp);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(led_kind.drive(&lamp, rows[i].percent), 0);
        assert_int_equal(fake.pulse, rows[i].pulse);
        assert_float_equal(led_kind.read(&lamp).value, rows[i].percent, 0);
    }
}

static void refuses_when_its_timer_cannot_be_had(void **s)
{
    (void)s;
    fake.no_timer = true;
    led_kind.start(&lamp);
    assert_int_equal(fake.function[PIN(B, 6)], 0);
    assert_int_equal(led_kind.drive(&lamp, 50), LINK_REFUSAL_FAULT);
    assert_int_equal(led_kind.read(&lamp).fault, LINK_FAULT_NO_ANSWER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(starts_dark_and_then_takes_the_pin, fake_reset),
        cmocka_unit_test_setup(shines_by_percent_in_steps_of_a_tenth, fake_reset),
        cmocka_unit_test_setup(refuses_when_its_timer_cannot_be_had, fake_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
