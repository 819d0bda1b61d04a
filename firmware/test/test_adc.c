/* The ADC: one conversion, its bound, and the supply by the internal reference. */
/* sources: drivers/adc.c drivers/clock.c drivers/rcc.c test/model_chip.c */
#include "../board/stm32f4/registers.h"
#include "../drivers/adc.h"
#include "../drivers/system.h"
#include "model_chip.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <cmocka.h>

/* A part of the registers with a life of its own: a conversion that ends after some looks. */
static uint16_t voltages[19];
static unsigned looks_left;
static bool converting, dead;
static uint32_t channel, status;

static uint32_t adc_reads(uint32_t offset)
{
    if (ADC1 + offset == ADC_SR) {
        if (converting && !dead && looks_left-- == 0u) {
            converting = false;
            status = ADC_SR_EOC;
        }
        return status;
    }
    return ADC1 + offset == ADC_DR ? voltages[channel] : 0u;
}

static void adc_written(uint32_t offset, uint32_t value)
{
    chip_put(ADC1 + offset, value);
    if (ADC1 + offset == ADC_SR) {
        status &= value;
    } else if (ADC1 + offset == ADC_SQR3) {
        channel = value;
    } else if (ADC1 + offset == ADC_CR2 && (value & ADC_CR2_SWSTART) != 0u) {
        assert_true((value & ADC_CR2_ADON) != 0u);
        converting = true;
        looks_left = 23;
    }
}

static int fresh(void **state)
{
    (void)state;
    chip_reset();
    system_start();
    chip_attach((struct chip_part){ADC1, 0x50, adc_reads, adc_written});
    dead = converting = false;
    status = 0;
    adc_start();
    return 0;
}

static void it_is_slow_enough_and_its_reference_on(void **state)
{
    (void)state;
    assert_int_equal(chip_get(ADC_CCR), 1u << 16 | 1u << 23);
    assert_int_equal(chip_get(ADC_SMPR1), 0x07FFFFFF);
    assert_int_equal(chip_get(ADC_SMPR2), 0x3FFFFFFF);
    assert_int_equal(chip_get(ADC_SQR1), 0);
    assert_int_equal(chip_get(RCC_APB2ENR), 1u << 8);
}

static void each_channel_has_its_own_value(void **state)
{
    (void)state;
    uint16_t value = 0;
    voltages[0] = 4095;
    voltages[7] = 123;
    assert_true(adc_read(7, &value));
    assert_int_equal(value, 123);
    assert_true(adc_read(0, &value));
    assert_int_equal(value, 4095);
}

static void a_conversion_that_does_not_end_is_given_up(void **state)
{
    (void)state;
    uint16_t value = 77;
    uint32_t before = chip_us();
    dead = true;
    assert_false(adc_read(3, &value));
    assert_int_equal(value, 77);
    assert_true(chip_us() - before < 300u);
    assert_int_equal(adc_supply_mv(), 0);
    dead = false;
    assert_true(adc_read(3, &value));
}

static void there_is_no_channel_19(void **state)
{
    (void)state;
    uint16_t value = 77;
    assert_false(adc_read(19, &value));
    assert_int_equal(value, 77);
}

static void the_supply_comes_from_the_reference(void **state)
{
    (void)state;
    const struct {
        uint16_t then, now, mv;
    } supplies[] = {
        {1500, 1500, 3300}, {1500, 1650, 3000}, {1500, 0, 0}, {0, 1500, 0}, {0xFFFF, 1500, 0}, {1500, 1, 0},
    };
    for (size_t row = 0; row < sizeof supplies / sizeof supplies[0]; row++) {
        chip_put(VREFINT_CAL_WORD, (uint32_t)supplies[row].then << 16 | 0x03A5u);
        voltages[ADC_VREFINT] = supplies[row].now;
        assert_int_equal(adc_supply_mv(), supplies[row].mv);
    }
}

static void in_qemu_there_is_a_value_but_no_end_and_no_supply(void **state)
{
    (void)state;
    uint16_t value = 0;
    chip_be_qemu();
    dead = true;
    voltages[1] = 7;
    assert_true(adc_read(1, &value));
    assert_int_equal(value, 7);
    assert_int_equal(adc_supply_mv(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(it_is_slow_enough_and_its_reference_on, fresh),
        cmocka_unit_test_setup(each_channel_has_its_own_value, fresh),
        cmocka_unit_test_setup(a_conversion_that_does_not_end_is_given_up, fresh),
        cmocka_unit_test_setup(there_is_no_channel_19, fresh),
        cmocka_unit_test_setup(the_supply_comes_from_the_reference, fresh),
        cmocka_unit_test_setup(in_qemu_there_is_a_value_but_no_end_and_no_supply, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
