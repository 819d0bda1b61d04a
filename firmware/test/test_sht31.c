/* SHT31: temperature and humidity. */
/* sources: peripherals/sht31.c peripherals/misses.c test/fake_board.c */
#include "fake_board.h"

#include <math.h>

#include "../peripherals/sht31.h"

static struct sht31_state state;
static const struct sht31 parts = {.bus = 1, .address = 0x44, .every_ms = 1000};
static const struct channel warmth = {
    .kind = &sht31_temperature_kind, .parts = &parts, .state = &state, .tick_ms = 10};
static const struct channel damp = {.kind = &sht31_humidity_kind, .parts = &parts, .state = &state, .tick_ms = 10};

static const uint8_t good[] = {0xBE, 0xEF, 0x92, 0x80, 0x00, 0xA2}; /* CRC(BEEF) = 92: the data sheet's own example */
static const uint8_t damaged_temperature[] = {0xBE, 0xEE, 0x92, 0x80, 0x00, 0xA2};
static const uint8_t damaged_humidity[] = {0xBE, 0xEF, 0x92, 0x80, 0x01, 0xA2};

static uint8_t fault(void) { return sht31_humidity_kind.read(&damp).fault; }

static int begin(void **s)
{
    (void)fake_reset(s);
    fake.answer = good;
    sht31_temperature_kind.start(&warmth);
    sht31_humidity_kind.start(&damp);
    return 0;
}

static void asks_at_once_and_fetches_after_the_conversion(void **s)
{
    (void)s;
    fake_pass(&warmth, 10);
    assert_int_equal(fake.written_length, 2);
    assert_int_equal(fake.written_bytes[0], 0x24);
    assert_int_equal(fake.written_bytes[1], 0x00);
    fake_pass(&warmth, 10); /* 15.5 ms are not over: asked now it would not answer */
    assert_true(isnan(sht31_temperature_kind.read(&warmth).value));
    fake_pass(&warmth, 10);
    assert_float_equal(sht31_temperature_kind.read(&warmth).value, 85.5230, 0.0005);
    assert_float_equal(sht31_humidity_kind.read(&damp).value, 50.0008, 0.0005);
    assert_int_equal(fault(), 0);
}

static void measures_once_a_second_whoever_is_ticked(void **s)
{
    (void)s;
    fake_pass(&damp, 1000);
    fake.written_length = 0;
    fake_pass(&warmth, 10);
    assert_int_equal(fake.written_length, 2);
    fake.written_length = 0;
    fake_pass(&damp, 900);
    assert_int_equal(fake.written_length, 0);
}

static void two_bad_checksums_are_borne_and_the_third_is_a_fault(void **s)
{
    (void)s;
    fake_pass(&warmth, 1000);
    fake.answer = damaged_temperature;
    fake_pass(&warmth, 1000);
    fake.answer = damaged_humidity;
    fake_pass(&warmth, 1000);
    assert_int_equal(fault(), 0);
    assert_float_equal(sht31_humidity_kind.read(&damp).value, 50.0, 0.01); /* the last good one holds */
    fake_pass(&warmth, 1000);
    assert_int_equal(fault(), LINK_FAULT_BAD_CHECKSUM);
    fake.answer = good;
    fake_pass(&warmth, 1000);
    assert_int_equal(fault(), 0);
}

static void what_the_bus_says_three_times_is_the_fault(void **s)
{
    static const struct { enum i2c_result bus; uint8_t fault; } rows[] = {{I2C_NO_ANSWER, LINK_FAULT_NO_ANSWER},
        {I2C_TIME_OUT, LINK_FAULT_TIME_OUT}, {I2C_STUCK, LINK_FAULT_BUS_STUCK}, {I2C_OK, 0}};

    (void)s;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fake.bus = rows[i].bus;
        fake_pass(&warmth, 4000);
        assert_int_equal(fault(), rows[i].fault);
    }
}

static void a_part_that_goes_away_while_it_converts_is_noticed(void **s)
{
    (void)s;
    for (int i = 0; i < 3; i++) {
        fake.bus = I2C_OK;
        do
            fake_pass(&warmth, 10);
        while (!state.converting);
        fake.bus = I2C_NO_ANSWER;
        fake_pass(&warmth, 20);
        assert_false(state.converting);
    }
    assert_int_equal(fault(), LINK_FAULT_NO_ANSWER);
    assert_true(isnan(sht31_temperature_kind.read(&warmth).value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(asks_at_once_and_fetches_after_the_conversion, begin),
        cmocka_unit_test_setup(measures_once_a_second_whoever_is_ticked, begin),
        cmocka_unit_test_setup(two_bad_checksums_are_borne_and_the_third_is_a_fault, begin),
        cmocka_unit_test_setup(what_the_bus_says_three_times_is_the_fault, begin),
        cmocka_unit_test_setup(a_part_that_goes_away_while_it_converts_is_noticed, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
