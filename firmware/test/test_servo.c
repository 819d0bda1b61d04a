/* A servo. */
/* sources: peripherals/servo.c test/fake_board.c */
#include "fake_board.h"

#include "../peripherals/servo.h"

static struct servo_state state;
static const struct servo parts = {.pin = PIN(A, 6), .function = 2, .pwm = {3, 1}, .min_us = 500, .max_us = 2500};
static const struct channel servo = {
    .kind = &servo_kind, .min = -90, .max = 90, .safe = -45, .parts = &parts, .state = &state, .tick_ms = 20};

static void starts_at_its_safe_angle(void **s)
{
    (void)s;
    servo_kind.start(&servo);
    assert_int_equal(fake.tick_hz, 1000000);
    assert_int_equal(fake.period, 20000);
    assert_int_equal(fake.pulse, 1000);
    assert_int_equal(fake.function[PIN(A, 6)], 2);
}

static void lays_its_angles_over_the_pulse(void **s)
{
    static const struct { float degrees; uint16_t us; } rows[] = {{-90, 500}, {0, 1500}, {0.09f, 1501}, {90, 2500}};

    (void)s;
    servo_kind.start(&servo);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(servo_kind.drive(&servo, rows[i].degrees), 0);
        assert_int_equal(fake.pulse, rows[i].us);
        assert_float_equal(servo_kind.read(&servo).value, rows[i].degrees, 0);
    }
}

static void refuses_when_its_timer_cannot_be_had(void **s)
{
    (void)s;
    fake.no_timer = true;
    servo_kind.start(&servo);
    assert_int_equal(fake.function[PIN(A, 6)], 0);
    assert_int_equal(servo_kind.drive(&servo, 0), LINK_REFUSAL_FAULT);
    assert_int_equal(servo_kind.read(&servo).fault, LINK_FAULT_NO_ANSWER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(starts_at_its_safe_angle, fake_reset),
        cmocka_unit_test_setup(lays_its_angles_over_the_pulse, fake_reset),
        cmocka_unit_test_setup(refuses_when_its_timer_cannot_be_had, fake_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
