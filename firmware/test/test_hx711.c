/* A load cell through an HX711, against a model of its two wires. */
/* sources: peripherals/hx711.c test/fake_board.c */
#include "fake_board.h"

#include <math.h>

#include "../peripherals/hx711.h"

#define DOUT PIN(A, 10)
#define SCK PIN(B, 10)

static struct hx711_state state;
static const struct hx711 parts = {.dout_pin = DOUT, .sck_pin = SCK, .input = HX711_A_128};
static const struct channel scale = {
    .kind = &hx711_kind, .min = -5, .max = 5, .parts = &parts, .state = &state, .tick_ms = 10};

static uint32_t sent;
static int pulses;
static bool shorted;

/* The part: DOUT brings the next bit at each rising edge, and goes high after the 25th. */
static void clocked(uint8_t pin, bool high)
{
    if (pin != SCK || !high)
        return;
    assert_true(fake.critical > 0); /* else an interrupt could make it longer than 60 us: the part switches off */
    fake.level[DOUT] = pulses < 24 ? (sent >> (23 - pulses)) & 1u : !shorted;
    pulses++;
}

static int begin(void **s)
{
    (void)fake_reset(s);
    fake.written = clocked;
    fake.level[DOUT] = true;
    shorted = false;
    pulses = 0;
    hx711_kind.start(&scale);
    return 0;
}

static void convert(uint32_t raw)
{
    sent = raw & 0xFFFFFFu;
    pulses = 0;
    fake.level[DOUT] = false;
    fake_pass(&scale, 10);
}

static void settle(int32_t raw)
{
    for (int i = 0; i < 4; i++)
        convert((uint32_t)raw);
}

static struct reading read(void) { return hx711_kind.read(&scale); }

static uint8_t keep(uint8_t setting, float value)
{
    float kept = 0;
    const uint8_t refusal = hx711_kind.calibrate(&scale, setting, value, &kept);

    if (refusal == 0)
        hx711_kind.restore(&scale, setting, &kept);
    return refusal;
}

static void is_not_calibrated_until_it_was_told_a_scale(void **s)
{
    (void)s;
    settle(8000);
    assert_int_equal(pulses, 25);
    assert_int_equal(read().fault, LINK_FAULT_NOT_CALIBRATED);
    assert_int_equal(keep(LINK_SETTING_ZERO, 0), 0);
    settle(208000);
    assert_int_equal(keep(LINK_SETTING_SCALE, 2.0f), 0);
    assert_float_equal(read().value, 2.0, 0.0001);
    settle(108000);
    assert_float_equal(read().value, 1.0, 0.0001);
    settle(-92000);
    assert_float_equal(read().value, -1.0, 0.0001);
}

static void a_calibration_changes_nothing_before_it_is_kept_and_can_be_forgotten(void **s)
{
    float kept = 0;

    (void)s;
    settle(1000);
    assert_int_equal(hx711_kind.calibrate(&scale, LINK_SETTING_ZERO, 0, &kept), 0);
    assert_float_equal(kept, 1000, 0);
    assert_float_equal(state.zero, 0, 0);
    hx711_kind.restore(&scale, LINK_SETTING_ZERO, &kept);
    assert_float_equal(state.zero, 1000, 0);
    hx711_kind.restore(&scale, LINK_SETTING_ZERO, NULL);
    hx711_kind.restore(&scale, LINK_SETTING_SCALE, NULL);
    assert_float_equal(state.zero, 0, 0);
    assert_int_equal(read().fault, LINK_FAULT_NOT_CALIBRATED);
}

static void no_scale_goes_through_one_point_and_other_settings_are_unknown(void **s)
{
    (void)s;
    assert_int_equal(keep(LINK_SETTING_ZERO, 0), LINK_REFUSAL_FAULT); /* nothing was measured yet */
    settle(1000);
    (void)keep(LINK_SETTING_ZERO, 0);
    assert_int_equal(keep(LINK_SETTING_SCALE, 2), LINK_REFUSAL_OUT_OF_RANGE);
    settle(2000);
    assert_int_equal(keep(LINK_SETTING_SCALE, 0), LINK_REFUSAL_OUT_OF_RANGE);
    assert_int_equal(keep(LINK_SETTING_NAME, 1), LINK_REFUSAL_UNKNOWN_SETTING);
}

static void is_the_mean_of_four(void **s)
{
    const float one = 1.0f;

    (void)s;
    hx711_kind.restore(&scale, LINK_SETTING_SCALE, &one);
    assert_true(isnan(read().value));
    convert(100);
    assert_float_equal(read().value, 100, 0);
    convert(200);
    assert_float_equal(read().value, 150, 0);
    settle(400);
    assert_float_equal(read().value, 400, 0);
}

static void rails_are_a_fault_and_the_numbers_beside_them_are_not(void **s)
{
    static const struct { uint32_t raw; uint8_t fault; } rows[] = {
        {0x800000, LINK_FAULT_OUT_OF_RANGE}, {0x800001, 0}, {0x7FFFFF, LINK_FAULT_OUT_OF_RANGE}, {0x7FFFFE, 0}};
    const float one = 1.0f;

    (void)s;
    hx711_kind.restore(&scale, LINK_SETTING_SCALE, &one);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        settle((int32_t)rows[i].raw);
        assert_int_equal(read().fault, rows[i].fault);
    }
    assert_float_equal(read().value, 8388606, 0);
    settle((int32_t)0x7FFFFF);
    assert_int_equal(keep(LINK_SETTING_ZERO, 0), LINK_REFUSAL_FAULT);
}

static void a_silent_part_does_not_answer_and_comes_back(void **s)
{
    const float one = 1.0f;

    (void)s;
    hx711_kind.restore(&scale, LINK_SETTING_SCALE, &one);
    settle(5);
    fake.level[DOUT] = true;
    fake_pass(&scale, 490);
    assert_int_equal(read().fault, 0);
    fake_pass(&scale, 10);
    assert_int_equal(read().fault, LINK_FAULT_NO_ANSWER);
    convert(7);
    assert_int_equal(read().fault, 0);
    assert_float_equal(read().value, 7, 0); /* what was before the silence is not in its mean */
}

static void a_shorted_wire_is_not_taken_for_zeros(void **s)
{
    (void)s;
    shorted = true;
    convert(0);
    assert_int_equal(read().fault, LINK_FAULT_OUT_OF_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(is_not_calibrated_until_it_was_told_a_scale, begin),
        cmocka_unit_test_setup(a_calibration_changes_nothing_before_it_is_kept_and_can_be_forgotten, begin),
        cmocka_unit_test_setup(no_scale_goes_through_one_point_and_other_settings_are_unknown, begin),
        cmocka_unit_test_setup(is_the_mean_of_four, begin),
        cmocka_unit_test_setup(rails_are_a_fault_and_the_numbers_beside_them_are_not, begin),
        cmocka_unit_test_setup(a_silent_part_does_not_answer_and_comes_back, begin),
        cmocka_unit_test_setup(a_shorted_wire_is_not_taken_for_zeros, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
