/* A brushless motor through an ESC. */
/* sources: peripherals/esc.c test/fake_board.c */
#include "fake_board.h"

#include "../peripherals/esc.h"

static struct esc_state state;
static const struct esc parts = {
    .pin = PIN(A, 7), .function = 2, .pwm = {3, 2}, .min_us = 1000, .max_us = 2000, .rise_ms = 1000};
static const struct channel rotor = {.kind = &esc_kind, .max = 100, .parts = &parts, .state = &state, .tick_ms = 10};

static void gives_the_shortest_pulse_for_two_seconds_and_follows_then(void **s)
{
    (void)s;
    esc_kind.start(&rotor);
    assert_int_equal(fake.pulse, 1000);
    assert_int_equal(fake.function[PIN(A, 7)], 2);
    assert_int_equal(esc_kind.drive(&rotor, 60), 0);
    fake_pass(&rotor, 1990);
    assert_int_equal(fake.pulse, 1000);
    assert_float_equal(esc_kind.read(&rotor).value, 0, 0);
    fake_pass(&rotor, 20);
    assert_int_equal(fake.pulse, 1010);
}

static void armed(void)
{
    esc_kind.start(&rotor);
    fake_pass(&rotor, 2000);
}

static void rises_slowly_and_no_further_than_asked(void **s)
{
    (void)s;
    armed();
    assert_int_equal(esc_kind.drive(&rotor, 50), 0);
    fake_pass(&rotor, 250);
    assert_int_equal(fake.pulse, 1250);
    assert_float_equal(esc_kind.read(&rotor).value, 25, 0.01);
    fake_pass(&rotor, 500);
    assert_int_equal(fake.pulse, 1500);
}

static void falls_and_stops_at_once(void **s)
{
    (void)s;
    armed();
    (void)esc_kind.drive(&rotor, 100);
    fake_pass(&rotor, 1200);
    assert_int_equal(fake.pulse, 2000);
    (void)esc_kind.drive(&rotor, 30);
    assert_int_equal(fake.pulse, 1300);
    (void)esc_kind.drive(&rotor, 0);
    assert_int_equal(fake.pulse, 1000);
    fake_pass(&rotor, 1000);
    assert_int_equal(fake.pulse, 1000);
}

static void refuses_when_its_timer_cannot_be_had(void **s)
{
    (void)s;
    fake.no_timer = true;
    esc_kind.start(&rotor);
    assert_int_equal(fake.function[PIN(A, 7)], 0);
    assert_int_equal(esc_kind.drive(&rotor, 50), LINK_REFUSAL_FAULT);
    fake_pass(&rotor, 3000);
    assert_int_equal(fake.pulse, 0);
    assert_int_equal(esc_kind.read(&rotor).fault, LINK_FAULT_NO_ANSWER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(gives_the_shortest_pulse_for_two_seconds_and_follows_then, fake_reset),
        cmocka_unit_test_setup(rises_slowly_and_no_further_than_asked, fake_reset),
        cmocka_unit_test_setup(falls_and_stops_at_once, fake_reset),
        cmocka_unit_test_setup(refuses_when_its_timer_cannot_be_had, fake_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
