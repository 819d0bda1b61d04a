/*
 * What holds for every channel: ranges, ramps, limits of time, arming, samples, faults, what the flash keeps.
 * sources: src/channels.c src/drive.c src/watch.c src/limits.c src/settings.c src/crc.c src/utf8.c src/tell.c src/session.c src/link.c
 *     src/commands.c src/frame.c src/cobs.c src/cbor.c src/cbor_write.c src/sched.c test/fake_hub.c test/model_flash_power.c
 */
#include <math.h>

#include "../gen/link_messages.h"
#include "../src/channels.h"
#include "../src/link.h"
#include "fake_hub.h"
#include "model_flash_power.h"
#include "test_support.h"

static int start(void **state)
{
    (void)state;
    fake_hub_start();
    link_start();
    assert_true(channels_start(fake_now_ms));
    hear_nothing_more();
    return 0;
}

static void pass(uint32_t ms)
{
    while (ms-- > 0) {
        fake_now_ms++;
        channels_tick(fake_now_ms);
    }
}

static uint8_t set(uint8_t index, float value) { return drive_set(index, value, 0, NULL, fake_now_ms); }
static uint8_t ramp(uint8_t index, float value, uint32_t ms) { return drive_set(index, value, ms, NULL, fake_now_ms); }
static uint8_t set_for(uint8_t index, float value, uint32_t ms) { return drive_set(index, value, 0, &ms, fake_now_ms); }
static float at(uint8_t index) { return fake_parts[index].value; }

/* The next event; 0 when there is none. */
static uint32_t event(uint8_t *index, float *value)
{
    const struct heard *heard = hear_type(LINK_EVENT);

    if (heard == NULL)
        return 0;
    *index = heard->fields[LINK_EVENT_CHANNEL].kind == CBOR_NOTHING
                 ? CHANNEL_NONE
                 : channels_find((uint8_t)heard->fields[LINK_EVENT_CHANNEL].uint);
    if (!cbor_number(&heard->fields[LINK_EVENT_VALUE], value))
        *value = NAN;
    return heard->fields[LINK_EVENT_EVENT].uint;
}

static unsigned samples(uint8_t index, float *last)
{
    unsigned count = 0;
    const struct heard *heard;

    while ((heard = hear()) != NULL) {
        if (heard->type == LINK_SAMPLE && heard->fields[LINK_SAMPLE_CHANNEL].uint == board_channels[index].id) {
            count++;
            if (!cbor_number(&heard->fields[LINK_SAMPLE_VALUE], last))
                *last = NAN;
        }
    }
    return count;
}

static void only_what_is_in_range_and_driven_is_driven(void **state)
{
    (void)state;
    assert_int_equal(set(LAMP, 100), 0);
    assert_true(at(LAMP) == 100);
    assert_int_equal(set(LAMP, 100.5f), LINK_REFUSAL_OUT_OF_RANGE);
    assert_int_equal(set(LAMP, -0.5f), LINK_REFUSAL_OUT_OF_RANGE);
    assert_int_equal(set(SCALE, 1), LINK_REFUSAL_NOT_DRIVEN);
    assert_true(at(LAMP) == 100);
    assert_int_equal(channels_find(20), MOTOR);
    assert_int_equal(channels_find(21), CHANNEL_NONE);
}

static void what_can_hurt_is_driven_only_while_armed(void **state)
{
    (void)state;
    assert_int_equal(set(MOTOR, 50), LINK_REFUSAL_NOT_ARMED);
    drive_arm(true);
    assert_int_equal(set(MOTOR, 50), 0);
    drive_forget_arming();
    assert_true(at(MOTOR) == 50 && !drive_armed()); /* a new session leaves outputs as they are */
    assert_int_equal(set(MOTOR, 60), LINK_REFUSAL_NOT_ARMED);
    assert_int_equal(set(MOTOR, 0), 0); /* to stop it is never forbidden */
    assert_true(at(MOTOR) == 0);
    drive_arm(true);
    set(MOTOR, 50);
    set(LAMP, 70);
    drive_arm(false);
    assert_true(at(MOTOR) == 0 && at(LAMP) == 70);
}

static void nothing_is_kept_while_what_can_hurt_moves(void **state)
{
    struct setting name = {.kind = SETTING_TEXT, .text = "Door"};

    (void)state;
    drive_arm(true);
    set(MOTOR, 50);
    assert_int_equal(limits_change(LAMP, LINK_SETTING_NAME, &name), LINK_REFUSAL_MOVING);
    drive_forget_arming();
    assert_int_equal(limits_change(LAMP, LINK_SETTING_NAME, &name), LINK_REFUSAL_MOVING);
    set(MOTOR, 0);
    set(LAMP, 70);
    assert_int_equal(limits_change(LAMP, LINK_SETTING_NAME, &name), 0);
}

static void safe_takes_everything_to_its_safe_value_and_disarms(void **state)
{
    (void)state;
    drive_arm(true);
    set(MOTOR, 50);
    ramp(LAMP, 100, 1000);
    pass(500);
    drive_all_safe();
    assert_true(at(MOTOR) == 0 && at(LAMP) == 0 && !drive_armed());
    pass(1000);
    assert_true(at(LAMP) == 0);
}

static void a_ramp_goes_evenly_from_where_it_stands_and_tells_when_it_is_there(void **state)
{
    uint8_t index = 0;
    float value = 0;

    (void)state;
    set(LAMP, 20);
    assert_int_equal(ramp(LAMP, 100, 800), 0);
    for (int tenth = 1; tenth <= 10; tenth++) {
        pass(80);
        assert_float_equal(at(LAMP), 20.0f + 8.0f * (float)tenth, 0.01f);
    }
    assert_int_equal(event(&index, &value), LINK_EVENT_ARRIVED);
    assert_true(index == LAMP && value == 100);
    const unsigned driven = fake_parts[LAMP].driven;

    pass(100);
    assert_int_equal(fake_parts[LAMP].driven, driven);
    assert_int_equal(event(&index, &value), 0);
}

static void a_new_order_ends_a_ramp_and_a_refused_one_does_not(void **state)
{
    (void)state;
    ramp(LAMP, 100, 1000);
    pass(300);
    assert_int_equal(set(LAMP, 200), LINK_REFUSAL_OUT_OF_RANGE);
    fake_parts[LAMP].refusal = LINK_REFUSAL_FAULT;
    assert_int_equal(set(LAMP, 10), LINK_REFUSAL_FAULT);
    fake_parts[LAMP].refusal = 0;
    pass(100);
    assert_float_equal(at(LAMP), 40, 0.2f);
    set(LAMP, 5);
    pass(1000);
    assert_true(at(LAMP) == 5);
}

static void a_ramp_that_meets_an_end_stops_and_tells(void **state)
{
    uint8_t index = 0;
    float value = 0;

    (void)state;
    drive_arm(true);
    ramp(MOTOR, 100, 1000);
    pass(300);
    fake_parts[MOTOR].refusal = LINK_REFUSAL_BLOCKED;
    pass(1);
    assert_true(at(MOTOR) == 0);
    assert_int_equal(event(&index, &value), LINK_EVENT_BLOCKED);
    assert_true(index == MOTOR);
    assert_float_equal(value, 30, 0.2f);
    fake_parts[MOTOR].refusal = 0;
    pass(100);
    assert_true(at(MOTOR) == 0);
}

static void after_for_ms_it_is_safe_and_that_is_told(void **state)
{
    uint8_t index = 0;
    float value = 0;

    (void)state;
    set_for(LAMP, 80, 250);
    pass(249);
    assert_true(at(LAMP) == 80);
    pass(1);
    assert_true(at(LAMP) == 0);
    assert_int_equal(event(&index, &value), LINK_EVENT_TIME_OVER);
    assert_true(index == LAMP && value == 80);
    pass(1000);
    assert_int_equal(event(&index, &value), 0);
}

static void the_channels_own_limit_holds_whatever_for_ms_says(void **state)
{
    (void)state;
    drive_arm(true);
    set_for(MOTOR, 50, 60000);
    pass(4999);
    assert_true(at(MOTOR) == 50);
    set(MOTOR, 40); /* a new order has its own time */
    pass(4999);
    assert_true(at(MOTOR) == 40);
    pass(1);
    assert_true(at(MOTOR) == 0);
    ramp(MOTOR, 100, 10000);
    pass(5001);
    assert_true(at(MOTOR) == 0);
    set(LAMP, 100);
    pass(100000);
    assert_true(at(LAMP) == 100);
}

static void a_ramp_to_the_safe_value_is_limited_only_until_it_is_there(void **state)
{
    uint8_t index = 0;
    float value = 0;

    (void)state;
    drive_arm(true);
    set(MOTOR, 50);
    ramp(MOTOR, 0, 1000);
    pass(1000);
    assert_int_equal(event(&index, &value), LINK_EVENT_ARRIVED);
    pass(10000);
    assert_int_equal(event(&index, &value), 0);
}

static void ramps_and_limits_hold_over_the_clocks_wrap(void **state)
{
    (void)state;
    fake_now_ms = UINT32_MAX - 100;
    assert_true(channels_start(fake_now_ms));
    ramp(LAMP, 100, 200);
    pass(150);
    assert_float_equal(at(LAMP), 75, 0.5f);
    set_for(LAMP, 30, 100);
    pass(99);
    assert_true(at(LAMP) == 30);
    pass(1);
    assert_true(at(LAMP) == 0);
}

static void what_takes_no_ramp_refuses_one(void **state)
{
    (void)state;
    assert_int_equal(ramp(SWITCH, 1, 100), LINK_REFUSAL_MALFORMED);
    assert_int_equal(set(SWITCH, 1), 0);
    pass(10);
    assert_true(at(SWITCH) == 1);
}

static void a_part_that_stops_of_itself_is_driven_no_more(void **state)
{
    (void)state;
    drive_arm(true);
    ramp(MOTOR, 100, 1000);
    pass(100);
    fake_parts[MOTOR].value = 0;
    channel_stopped(&board_channels[MOTOR]);
    channel_event(&board_channels[MOTOR], LINK_EVENT_OBSTACLE, 12.5f);
    uint8_t index = 0;
    float value = 0;

    assert_int_equal(event(&index, &value), LINK_EVENT_OBSTACLE);
    assert_true(index == MOTOR && value == 12.5f);
    pass(10000);
    assert_true(at(MOTOR) == 0);
    assert_int_equal(event(&index, &value), 0);
}

static void faults_come_and_go_as_events(void **state)
{
    uint8_t index = 0;
    float value = 0;

    (void)state;
    fake_parts[SCALE].fault = LINK_FAULT_NO_ANSWER;
    pass(200);
    assert_int_equal(event(&index, &value), LINK_EVENT_FAULT);
    assert_true(index == SCALE && value == LINK_FAULT_NO_ANSWER);
    fake_parts[SCALE].fault = LINK_FAULT_OUT_OF_RANGE;
    pass(100);
    assert_int_equal(event(&index, &value), LINK_EVENT_FAULT);
    assert_true(value == LINK_FAULT_OUT_OF_RANGE);
    fake_parts[SCALE].fault = 0;
    pass(300);
    assert_int_equal(event(&index, &value), LINK_EVENT_FAULT_OVER);
    assert_true(isnan(value));
    assert_int_equal(event(&index, &value), 0);
}

static void nothing_is_told_that_nobody_watches(void **state)
{
    float last;

    (void)state;
    fake_parts[SCALE].value = 3;
    pass(1000);
    assert_int_equal(samples(SCALE, &last), 0);
}

static void a_watched_channel_keeps_its_rhythm(void **state)
{
    float last = 0;

    (void)state;
    fake_parts[SCALE].value = 3;
    watch_set(SCALE, 20, 1000);
    pass(1);
    assert_int_equal(samples(SCALE, &last), 1); /* what it stands at first */
    pass(2000);
    assert_int_equal(samples(SCALE, &last), 100);
    /* A late turn is not made up for by a burst, nor does it put the rhythm off. */
    fake_now_ms += 500;
    pass(100);
    assert_in_range(samples(SCALE, &last), 5, 6);
}

static void only_changes_beyond_the_deadband_are_told(void **state)
{
    float last = 0;

    (void)state;
    fake_parts[SCALE].value = 3;
    watch_set(SCALE, 0, 0.5f);
    pass(1000);
    assert_int_equal(samples(SCALE, &last), 1);
    fake_parts[SCALE].value = 3.4f;
    pass(1000);
    assert_int_equal(samples(SCALE, &last), 0);
    fake_parts[SCALE].value = 3.5f;
    pass(1000);
    assert_int_equal(samples(SCALE, &last), 1);
    assert_true(last == 3.5f);
    watch_set(SCALE, 0, 0);
    pass(1000);
    fake_parts[SCALE].value = 3.5001f;
    pass(1000);
    assert_int_equal(samples(SCALE, &last), 2);
    fake_parts[SCALE].fault = LINK_FAULT_NO_ANSWER;
    pass(1000);
    assert_int_equal(samples(SCALE, &last), 1);
    assert_true(isnan(last));
    fake_parts[SCALE].fault = 0;
    pass(1000);
    assert_int_equal(samples(SCALE, &last), 1);
}

static void a_value_that_is_not_there_yet_is_told_when_it_comes(void **state)
{
    float last = 0;

    (void)state;
    watch_set(SCALE, 0, 0);
    pass(1000);
    assert_int_equal(samples(SCALE, &last), 0);
    fake_parts[SCALE].value = 1;
    pass(100);
    assert_int_equal(samples(SCALE, &last), 1);
    fake_parts[SCALE].value = NAN;
    pass(100);
    assert_int_equal(samples(SCALE, &last), 1);
    assert_true(isnan(last));
}

static void samples_that_found_no_room_leave_a_gap(void **state)
{
    (void)state;
    fake_parts[SCALE].value = 1;
    watch_set(SCALE, 100, 0);
    pass(1);
    const struct heard *heard = hear_type(LINK_SAMPLE);
    const uint32_t first = heard->fields[LINK_SAMPLE_COUNTER].uint;

    fake_line_full = true;
    pass(300);
    fake_line_full = false;
    pass(100);
    heard = hear_type(LINK_SAMPLE);
    assert_int_equal(heard->fields[LINK_SAMPLE_COUNTER].uint, first + 4);
    assert_int_equal(heard->fields[LINK_SAMPLE_AT_MS].uint, fake_now_ms);
    assert_int_equal(link_figures().tx_drops, 3);
}

static uint8_t change(uint8_t index, uint8_t setting, float value)
{
    return limits_change(index, setting, &(struct setting){.kind = SETTING_NUMBER, .number = value});
}

static uint8_t forget(uint8_t index, uint8_t setting)
{
    return limits_change(index, setting, &(struct setting){.kind = SETTING_NONE});
}

static void limits_can_be_made_tighter_and_are_kept(void **state)
{
    (void)state;
    assert_int_equal(change(LAMP, LINK_SETTING_MAX, 60), 0);
    assert_int_equal(change(MOTOR, LINK_SETTING_MIN, -30), 0);
    assert_int_equal(change(MOTOR, LINK_SETTING_MAX_MS, 1500), 0);
    assert_int_equal(limits_change(LAMP, LINK_SETTING_NAME, &(struct setting){.kind = SETTING_TEXT, .text = "Küche"}), 0);
    for (int round = 0; round < 2; round++) {
        assert_int_equal(set(LAMP, 61), LINK_REFUSAL_OUT_OF_RANGE);
        assert_int_equal(set(LAMP, 60), 0);
        drive_arm(true);
        assert_int_equal(set(MOTOR, -31), LINK_REFUSAL_OUT_OF_RANGE);
        set(MOTOR, -30);
        pass(1500);
        assert_true(at(MOTOR) == 0);
        assert_string_equal(limits_of(LAMP)->name, "Küche");
        assert_true(channels_start(fake_now_ms));
    }
    assert_int_equal(forget(LAMP, LINK_SETTING_MAX), 0);
    assert_int_equal(forget(LAMP, LINK_SETTING_NAME), 0);
    assert_int_equal(set(LAMP, 100), 0);
    assert_string_equal(limits_of(LAMP)->name, "Lamp");
}

static void limits_wider_than_the_firmwares_or_senseless_are_refused(void **state)
{
    (void)state;
    assert_int_equal(change(LAMP, LINK_SETTING_MAX, 101), LINK_REFUSAL_OUT_OF_RANGE);
    assert_int_equal(change(LAMP, LINK_SETTING_MIN, 1), LINK_REFUSAL_OUT_OF_RANGE); /* its safe value is 0 */
    assert_int_equal(change(MOTOR, LINK_SETTING_MAX, -1), LINK_REFUSAL_OUT_OF_RANGE);
    assert_int_equal(change(MOTOR, LINK_SETTING_MAX_MS, 5001), LINK_REFUSAL_OUT_OF_RANGE);
    assert_int_equal(change(MOTOR, LINK_SETTING_MAX_MS, 0), LINK_REFUSAL_OUT_OF_RANGE);
    assert_int_equal(change(LAMP, LINK_SETTING_MAX_MS, -1), LINK_REFUSAL_OUT_OF_RANGE);
    assert_int_equal(change(LAMP, LINK_SETTING_MAX_MS, 10000), 0);
    assert_int_equal(change(LAMP, LINK_SETTING_NAME, 1), LINK_REFUSAL_MALFORMED);
    assert_int_equal(limits_change(LAMP, LINK_SETTING_NAME, &(struct setting){.kind = SETTING_TEXT}), LINK_REFUSAL_MALFORMED);
    assert_int_equal(limits_change(LAMP, LINK_SETTING_MAX, &(struct setting){.kind = SETTING_TEXT, .text = "1"}),
                     LINK_REFUSAL_MALFORMED);
    assert_int_equal(change(LAMP, 0, 1), LINK_REFUSAL_UNKNOWN_SETTING);
    assert_int_equal(change(LAMP, 7, 1), LINK_REFUSAL_UNKNOWN_SETTING);
    assert_int_equal(change(LAMP, LINK_SETTING_ZERO, 1), LINK_REFUSAL_UNKNOWN_SETTING);
}

static void a_calibration_is_kept_before_it_holds(void **state)
{
    (void)state;
    fake_parts[SCALE].value = 4.5f;
    assert_int_equal(change(SCALE, LINK_SETTING_ZERO, 0), 0);
    assert_int_equal(change(SCALE, LINK_SETTING_SCALE, 2), 0);
    assert_true(fake_parts[SCALE].kept[LINK_SETTING_ZERO] == 4.5f && fake_parts[SCALE].kept[LINK_SETTING_SCALE] == 4);
    assert_true(channels_start(fake_now_ms));
    assert_true(fake_parts[SCALE].kept[LINK_SETTING_ZERO] == 4.5f);
    fake_parts[SCALE].refusal = LINK_REFUSAL_FAULT;
    assert_int_equal(change(SCALE, LINK_SETTING_SCALE, 5), LINK_REFUSAL_FAULT);
    fake_parts[SCALE].refusal = 0;
    flash_model.broken_from = 1;
    assert_int_equal(change(SCALE, LINK_SETTING_SCALE, 5), LINK_REFUSAL_NOT_STORED);
    assert_true(fake_parts[SCALE].kept[LINK_SETTING_SCALE] == 4);
    flash_model.broken_from = 0;
    assert_int_equal(forget(SCALE, LINK_SETTING_SCALE), 0);
    assert_true(isnan(fake_parts[SCALE].kept[LINK_SETTING_SCALE]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(only_what_is_in_range_and_driven_is_driven, start),
        cmocka_unit_test_setup(what_can_hurt_is_driven_only_while_armed, start),
        cmocka_unit_test_setup(nothing_is_kept_while_what_can_hurt_moves, start),
        cmocka_unit_test_setup(safe_takes_everything_to_its_safe_value_and_disarms, start),
        cmocka_unit_test_setup(a_ramp_goes_evenly_from_where_it_stands_and_tells_when_it_is_there, start),
        cmocka_unit_test_setup(a_new_order_ends_a_ramp_and_a_refused_one_does_not, start),
        cmocka_unit_test_setup(a_ramp_that_meets_an_end_stops_and_tells, start),
        cmocka_unit_test_setup(after_for_ms_it_is_safe_and_that_is_told, start),
        cmocka_unit_test_setup(the_channels_own_limit_holds_whatever_for_ms_says, start),
        cmocka_unit_test_setup(a_ramp_to_the_safe_value_is_limited_only_until_it_is_there, start),
        cmocka_unit_test_setup(ramps_and_limits_hold_over_the_clocks_wrap, start),
        cmocka_unit_test_setup(what_takes_no_ramp_refuses_one, start),
        cmocka_unit_test_setup(a_part_that_stops_of_itself_is_driven_no_more, start),
        cmocka_unit_test_setup(faults_come_and_go_as_events, start),
        cmocka_unit_test_setup(nothing_is_told_that_nobody_watches, start),
        cmocka_unit_test_setup(a_watched_channel_keeps_its_rhythm, start),
        cmocka_unit_test_setup(only_changes_beyond_the_deadband_are_told, start),
        cmocka_unit_test_setup(a_value_that_is_not_there_yet_is_told_when_it_comes, start),
        cmocka_unit_test_setup(samples_that_found_no_room_leave_a_gap, start),
        cmocka_unit_test_setup(limits_can_be_made_tighter_and_are_kept, start),
        cmocka_unit_test_setup(limits_wider_than_the_firmwares_or_senseless_are_refused, start),
        cmocka_unit_test_setup(a_calibration_is_kept_before_it_holds, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
