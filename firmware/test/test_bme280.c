/* BME280: temperature, humidity and pressure. */
/* sources: peripherals/bme280.c peripherals/bme280_formula.c peripherals/misses.c test/fake_board.c */
#include "fake_board.h"

#include <math.h>
#include <string.h>

#include "../peripherals/bme280.h"

static struct bme280_state state;
static const struct bme280 parts = {.bus = 1, .address = 0x76, .every_ms = 1000};
static const struct channel warmth = {
    .kind = &bme280_temperature_kind, .parts = &parts, .state = &state, .tick_ms = 10};
static const struct channel damp = {.kind = &bme280_humidity_kind, .parts = &parts, .state = &state};
static const struct channel air = {.kind = &bme280_pressure_kind, .parts = &parts, .state = &state};

/* The worked example of Bosch's data sheets (BMP280, 3.12) for temperature and pressure; humidity as on a real part. */
static const uint8_t trim_1[26] = {0x70, 0x6B, 0x43, 0x67, 0x18, 0xFC, 0x7D, 0x8E, 0x43, 0xD6, 0xD0, 0x0B, 0x27,
    0x0B, 0x8C, 0x00, 0xF9, 0xFF, 0x8C, 0x3C, 0xF8, 0xC6, 0x70, 0x17, 0x00, 0x4B};
static const uint8_t trim_2[7] = {0x6A, 0x01, 0x00, 0x13, 0x29, 0x03, 0x1E};
static const uint8_t measured[8] = {0x65, 0x5A, 0xC0, 0x7E, 0xED, 0x00, 0x6E, 0x00}; /* p 415148, t 519888, h 28160 */

static uint8_t fault(void) { return bme280_pressure_kind.read(&air).fault; }

static int begin(void **s)
{
    (void)fake_reset(s);
    fake.registers[0xD0] = 0x60;
    memcpy(&fake.registers[0x88], trim_1, sizeof trim_1);
    memcpy(&fake.registers[0xE1], trim_2, sizeof trim_2);
    memcpy(&fake.registers[0xF7], measured, sizeof measured);
    bme280_temperature_kind.start(&warmth);
    return 0;
}

static void comes_to_the_data_sheets_own_example(void **s)
{
    (void)s;
    assert_true(isnan(bme280_temperature_kind.read(&warmth).value));
    fake_pass(&warmth, 30);
    assert_float_equal(bme280_temperature_kind.read(&warmth).value, 25.08, 0.005);
    assert_float_equal(bme280_pressure_kind.read(&air).value, 1006.5327, 0.001);
    assert_float_equal(bme280_humidity_kind.read(&damp).value, 44.749, 0.01); /* by the integer formula of its 4.2.3 */
    assert_int_equal(fault(), 0);
}

static void takes_h4_and_h5_out_of_the_byte_they_share(void **s)
{
    (void)s;
    fake.registers[0xE4] = 0xFF; /* H4 = -16 + 9 */
    fake_pass(&warmth, 30);
    assert_int_equal(state.trim.h4, -7);
    assert_int_equal(state.trim.h5, 0x32);
    assert_int_equal(state.trim.h2, 362);
    assert_int_equal(state.trim.h1, 75);
    assert_int_equal(state.trim.h6, 30);
}

static void writes_humidity_before_the_command_that_makes_it_count(void **s)
{
    (void)s;
    fake_pass(&warmth, 10);
    assert_int_equal(fake.registers[0xF2], 0x01);
    assert_int_equal(fake.written_bytes[0], 0xF4); /* the last one */
    assert_int_equal(fake.written_bytes[1], 0x25);
}

static void somebody_else_at_its_address_is_no_bme280(void **s)
{
    (void)s;
    fake.registers[0xD0] = 0x58; /* a BMP280 */
    fake_pass(&warmth, 3010);
    assert_int_equal(fault(), LINK_FAULT_NO_ANSWER);
    assert_true(isnan(bme280_pressure_kind.read(&air).value));
}

static void what_was_not_converted_is_at_its_rail(void **s)
{
    static const uint8_t skipped[] = {0x80, 0, 0, 0x80, 0, 0, 0x80, 0};
    static const size_t at[] = {0, 3, 6};

    (void)s;
    for (size_t i = 0; i < 3; i++) {
        memcpy(&fake.registers[0xF7], measured, sizeof measured);
        memcpy(&fake.registers[0xF7 + at[i]], skipped + at[i], i < 2 ? 3 : 2);
        fake_pass(&warmth, 4000);
        assert_int_equal(fault(), LINK_FAULT_OUT_OF_RANGE);
        memcpy(&fake.registers[0xF7], measured, sizeof measured);
        fake_pass(&warmth, 2000);
        assert_int_equal(fault(), 0);
    }
}

static void after_it_was_gone_its_trim_is_read_anew(void **s)
{
    static const struct { enum i2c_result bus; uint8_t fault; } rows[] = {
        {I2C_STUCK, LINK_FAULT_BUS_STUCK}, {I2C_TIME_OUT, LINK_FAULT_TIME_OUT}, {I2C_NO_ANSWER, LINK_FAULT_NO_ANSWER}};

    (void)s;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fake.bus = I2C_OK;
        fake_pass(&warmth, 2000);
        assert_int_equal(fault(), 0);
        fake.bus = rows[i].bus;
        fake_pass(&warmth, 4000);
        assert_int_equal(fault(), rows[i].fault);
    }
    fake.bus = I2C_OK;
    fake.registers[0xA1] = 80; /* another part, another H1 */
    fake_pass(&warmth, 2000);
    assert_int_equal(state.trim.h1, 80);
}

static void a_trim_of_zeros_or_ones_breaks_nothing(void **s)
{
    (void)s;
    for (int byte = 0; byte <= 0xFF; byte += 0xFF) {
        memset(&fake.registers[0x88], byte, sizeof trim_1);
        memset(&fake.registers[0xE1], byte, sizeof trim_2);
        bme280_temperature_kind.start(&warmth);
        fake_pass(&warmth, 30);
        assert_true(isfinite(bme280_temperature_kind.read(&warmth).value));
        assert_true(isfinite(bme280_pressure_kind.read(&air).value));
        assert_in_range((int)bme280_humidity_kind.read(&damp).value, 0, 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(comes_to_the_data_sheets_own_example, begin),
        cmocka_unit_test_setup(takes_h4_and_h5_out_of_the_byte_they_share, begin),
        cmocka_unit_test_setup(writes_humidity_before_the_command_that_makes_it_count, begin),
        cmocka_unit_test_setup(somebody_else_at_its_address_is_no_bme280, begin),
        cmocka_unit_test_setup(what_was_not_converted_is_at_its_rail, begin),
        cmocka_unit_test_setup(after_it_was_gone_its_trim_is_read_anew, begin),
        cmocka_unit_test_setup(a_trim_of_zeros_or_ones_breaks_nothing, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
