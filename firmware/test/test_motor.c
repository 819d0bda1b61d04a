/* A motor between two end switches: where it stops of itself. */
/* sources: peripherals/motor.c peripherals/motor_readings.c test/fake_board.c */
#include "fake_board.h"

#include <math.h>

#include "../peripherals/motor.h"

#define FORWARD PIN(A, 8)
#define BACKWARD PIN(A, 9)
#define BACK_END PIN(B, 5)
#define FRONT_END PIN(B, 4)

static struct motor_state state;
static const struct motor parts = {
    .pwm_pin = PIN(A, 0), .pwm_function = 2, .pwm = {5, 1},
    .forward_pin = FORWARD, .backward_pin = BACKWARD, .back_end_pin = BACK_END, .front_end_pin = FRONT_END,
    .encoder_timer = 8, .encoder_pins = {PIN(C, 6), PIN(C, 7)}, .encoder_function = 3,
    .counts_a_unit = 40, .travel = 80,
    .current_pin = PIN(A, 1), .current_adc = 1, .amperes_at_full = 4.095f, .most_amperes = 1.5f,
    .least_percent = 20, .rise_ms = 200,
};
static const struct channel door = {
    .kind = &motor_kind, .min = -100, .max = 100, .parts = &parts, .state = &state, .tick_ms = 5};
static const struct channel place = {.kind = &motor_position_kind, .parts = &parts, .state = &state};
static const struct channel load = {.kind = &motor_current_kind, .parts = &parts, .state = &state};

static int begin(void **s)
{
    (void)fake_reset(s);
    fake.adc = 300;
    motor_kind.start(&door);
    motor_position_kind.start(&place);
    motor_current_kind.start(&load);
    return 0;
}

/* Lets it run, its encoder too. */
static void run(uint32_t ms)
{
    for (uint32_t passed = 0; passed < ms; passed += door.tick_ms) {
        fake.counts += fake.level[FORWARD] ? 2 : fake.level[BACKWARD] ? -2 : 0;
        fake_pass(&door, door.tick_ms);
    }
}

static void assert_still(void)
{
    assert_false(fake.level[FORWARD]);
    assert_false(fake.level[BACKWARD]);
    assert_int_equal(fake.pulse, 0);
    assert_float_equal(motor_kind.read(&door).value, 0, 0);
}

static void stands_still_from_the_start(void **s)
{
    (void)s;
    assert_still();
    assert_int_equal(fake.tick_hz / fake.period, 20000);
    assert_int_equal(fake.function[PIN(A, 0)], 2);
    assert_int_equal(fake.function[PIN(C, 7)], 3);
    run(100);
    assert_still();
}

static void gets_up_to_speed_by_rise_ms_and_stops_at_once(void **s)
{
    (void)s;
    assert_int_equal(motor_kind.drive(&door, 80), 0);
    run(100);
    assert_int_equal(fake.pulse, 50);
    assert_true(fake.level[FORWARD]);
    run(200);
    assert_int_equal(fake.pulse, 80);
    assert_float_equal(motor_kind.read(&door).value, 80, 0);
    assert_int_equal(motor_kind.drive(&door, 0), 0);
    assert_still();
    assert_int_equal(fake.stops, 0); /* it was told to */
}

static void turns_round_through_zero_and_never_has_both_directions(void **s)
{
    (void)s;
    (void)motor_kind.drive(&door, 100);
    run(300);
    (void)motor_kind.drive(&door, -60);
    run(5);
    assert_false(fake.level[FORWARD]);
    assert_true(fake.level[BACKWARD]);
    assert_int_equal(fake.pulse, 3); /* 2.5 % */
    run(300);
    assert_int_equal(fake.pulse, 60);
}

static void stops_at_an_end_and_goes_on_only_away_from_it(void **s)
{
    static const struct { uint8_t end; float to; } rows[] = {{FRONT_END, 50}, {BACK_END, -50}};

    (void)s;
    for (size_t i = 0; i < 2; i++) {
        (void)begin(NULL);
        (void)motor_kind.drive(&door, rows[i].to);
        run(200);
        fake.level[rows[i].end] = true;
        run(5);
        assert_still();
        assert_int_equal(fake.event, LINK_EVENT_END_REACHED);
        assert_float_equal(fake.event_value, rows[i].to, 0);
        assert_int_equal(fake.events, 1);
        assert_int_equal(fake.stops, 1);
        assert_int_equal(motor_kind.drive(&door, rows[i].to), LINK_REFUSAL_BLOCKED);
        assert_int_equal(motor_kind.drive(&door, 0), 0);
        assert_int_equal(motor_kind.drive(&door, -rows[i].to), 0);
        run(5);
        assert_true(fake.level[rows[i].to > 0 ? BACKWARD : FORWARD]);
    }
}

static void with_both_switches_off_their_wires_it_goes_nowhere(void **s)
{
    (void)s;
    fake.level[FRONT_END] = fake.level[BACK_END] = true;
    run(5);
    assert_int_equal(motor_kind.drive(&door, 50), LINK_REFUSAL_BLOCKED);
    assert_int_equal(motor_kind.drive(&door, -50), LINK_REFUSAL_BLOCKED);
    assert_int_equal(motor_position_kind.read(&place).fault, LINK_FAULT_NOT_CALIBRATED);
}

static void knows_its_place_from_the_first_end_on(void **s)
{
    (void)s;
    assert_int_equal(motor_position_kind.read(&place).fault, LINK_FAULT_NOT_CALIBRATED);
    fake.counts = -123;
    fake.level[BACK_END] = true;
    run(5);
    assert_float_equal(motor_position_kind.read(&place).value, 0, 0);
    fake.level[BACK_END] = false;
    fake.counts += 1000;
    run(5);
    assert_float_equal(motor_position_kind.read(&place).value, 25, 0.001);
    fake.level[FRONT_END] = true; /* a slipped belt: the end is right */
    run(5);
    assert_float_equal(motor_position_kind.read(&place).value, 80, 0.001);
}

static void too_much_current_for_50_ms_is_an_obstacle(void **s)
{
    (void)s;
    (void)motor_kind.drive(&door, -100);
    run(300);
    fake.adc = 1600;
    run(45);
    assert_int_equal(fake.events, 0);
    assert_float_equal(motor_current_kind.read(&load).value, 1.6, 0.001);
    run(5);
    assert_still();
    assert_int_equal(fake.event, LINK_EVENT_OBSTACLE);
    assert_float_equal(fake.event_value, -100, 0);
    assert_int_equal(fake.stops, 1);
}

static void a_short_peak_is_none(void **s)
{
    (void)s;
    (void)motor_kind.drive(&door, 100);
    for (int i = 0; i < 10; i++) {
        fake.adc = 4095;
        run(45);
        fake.adc = 1500; /* at the limit is not over it */
        run(5);
    }
    assert_int_equal(fake.events, 0);
}

static void towards_an_obstacle_it_rests_a_second_and_away_it_may_go(void **s)
{
    (void)s;
    (void)motor_kind.drive(&door, -100);
    fake.adc = 1600;
    run(55);
    fake.adc = 300;
    assert_int_equal(motor_kind.drive(&door, -20), LINK_REFUSAL_BLOCKED);
    assert_int_equal(motor_kind.drive(&door, 0), 0);
    assert_int_equal(motor_kind.drive(&door, 20), 0);
    run(100);
    assert_int_equal(motor_kind.drive(&door, 0), 0);
    assert_int_equal(motor_kind.drive(&door, -20), LINK_REFUSAL_BLOCKED);
    run(1000);
    assert_int_equal(motor_kind.drive(&door, -20), 0);
}

static void driven_without_moving_for_500_ms_it_is_jammed_until_it_is_tried_again(void **s)
{
    (void)s;
    (void)motor_kind.drive(&door, 40);
    fake_pass(&door, 500);
    assert_int_equal(motor_kind.read(&door).fault, 0);
    fake_pass(&door, 50); /* the first 40 ms it rose to what moves it */
    assert_still();
    assert_int_equal(motor_kind.read(&door).fault, LINK_FAULT_JAMMED);
    assert_int_equal(fake.stops, 1);
    assert_int_equal(motor_kind.drive(&door, 0), 0);
    assert_int_equal(motor_kind.read(&door).fault, LINK_FAULT_JAMMED);
    assert_int_equal(motor_kind.drive(&door, -40), 0);
    assert_int_equal(motor_kind.read(&door).fault, 0);
    run(1000);
    assert_int_equal(motor_kind.read(&door).fault, 0);
}

static void slower_than_it_need_move_it_is_not_jammed(void **s)
{
    (void)s;
    (void)motor_kind.drive(&door, -19);
    fake_pass(&door, 3000);
    assert_int_equal(motor_kind.read(&door).fault, 0);
    (void)motor_kind.drive(&door, -20);
    fake_pass(&door, 510);
    assert_int_equal(motor_kind.read(&door).fault, LINK_FAULT_JAMMED);
}

static void without_its_current_it_is_not_driven(void **s)
{
    (void)s;
    (void)motor_kind.drive(&door, 40);
    run(100);
    fake.adc_fails = true;
    run(5);
    assert_still();
    assert_int_equal(motor_kind.read(&door).fault, LINK_FAULT_TIME_OUT);
    assert_int_equal(motor_current_kind.read(&load).fault, LINK_FAULT_TIME_OUT);
    assert_true(isnan(motor_current_kind.read(&load).value));
    fake.adc_fails = false;
    assert_int_equal(motor_kind.drive(&door, 40), 0);
    run(50);
    assert_int_equal(motor_kind.read(&door).fault, 0);
}

static void without_its_timers_it_is_never_driven(void **s)
{
    (void)s;
    fake.no_timer = true;
    fake.function[PIN(A, 0)] = 0;
    motor_kind.start(&door);
    assert_int_equal(fake.function[PIN(A, 0)], 0);
    assert_int_equal(motor_kind.drive(&door, 40), LINK_REFUSAL_FAULT);
    assert_int_equal(motor_kind.drive(&door, 0), 0);
    run(100);
    assert_still();
    assert_int_equal(motor_kind.read(&door).fault, LINK_FAULT_NO_ANSWER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(stands_still_from_the_start, begin),
        cmocka_unit_test_setup(gets_up_to_speed_by_rise_ms_and_stops_at_once, begin),
        cmocka_unit_test_setup(turns_round_through_zero_and_never_has_both_directions, begin),
        cmocka_unit_test_setup(stops_at_an_end_and_goes_on_only_away_from_it, begin),
        cmocka_unit_test_setup(with_both_switches_off_their_wires_it_goes_nowhere, begin),
        cmocka_unit_test_setup(knows_its_place_from_the_first_end_on, begin),
        cmocka_unit_test_setup(too_much_current_for_50_ms_is_an_obstacle, begin),
        cmocka_unit_test_setup(a_short_peak_is_none, begin),
        cmocka_unit_test_setup(towards_an_obstacle_it_rests_a_second_and_away_it_may_go, begin),
        cmocka_unit_test_setup(driven_without_moving_for_500_ms_it_is_jammed_until_it_is_tried_again, begin),
        cmocka_unit_test_setup(slower_than_it_need_move_it_is_not_jammed, begin),
        cmocka_unit_test_setup(without_its_current_it_is_not_driven, begin),
        cmocka_unit_test_setup(without_its_timers_it_is_never_driven, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
