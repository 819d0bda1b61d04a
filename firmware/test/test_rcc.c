/* The clocks: 84 MHz when all goes well, 16 MHz and no endless wait when something does not, and QEMU told from a
 * chip. */
/* sources: drivers/rcc.c test/model_chip.c */
#include "../board/stm32f4/registers.h"
#include "../drivers/rcc.h"
#include "../drivers/system.h"
#include "model_chip.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static int fresh(void **state)
{
    (void)state;
    chip_reset();
    return 0;
}

static void the_pll_gives_84_mhz_and_apb1_half_of_it(void **state)
{
    (void)state;
    system_start();
    assert_int_equal(rcc_timer_hz(), 84000000);
    assert_int_equal(rcc_core_hz(), 84000000);
    assert_int_equal(rcc_apb1_hz(), 42000000);
    /* 16 MHz / 16 * 336 / 4; Q = 7, R = 2 */
    assert_int_equal(chip_get(RCC_PLLCFGR), 0x27015410);
}

static void the_flash_gets_its_waits_before_the_clock_goes_up(void **state)
{
    (void)state;
    system_start();
    assert_int_equal(chip_get(FLASH_ACR) & FLASH_ACR_LATENCY_MASK, 2);
    assert_true(chip_written_at(FLASH_ACR) < chip_written_at(RCC_CFGR));
}

static uint32_t never_ready(uint32_t offset)
{
    (void)offset;
    return RCC_CR_HSION | RCC_CR_HSIRDY;
}

static uint32_t nothing(uint32_t offset)
{
    (void)offset;
    return 0;
}

static void ignore(uint32_t offset, uint32_t value)
{
    (void)offset;
    (void)value;
}

static void stays_at_16_mhz(void)
{
    system_start();
    assert_int_equal(rcc_timer_hz(), 16000000);
    assert_int_equal(rcc_core_hz(), 16000000);
    assert_int_equal(rcc_apb1_hz(), 16000000);
}

static void a_pll_that_does_not_start_leaves_16_mhz(void **state)
{
    (void)state;
    chip_attach((struct chip_part){RCC_CR, 4, never_ready, ignore});
    stays_at_16_mhz();
    assert_int_equal(chip_written_at(RCC_CFGR), 0);
}

static void a_flash_that_does_not_take_its_waits_leaves_16_mhz(void **state)
{
    (void)state;
    chip_attach((struct chip_part){FLASH_ACR, 4, nothing, ignore});
    stays_at_16_mhz();
    assert_int_equal(chip_written_at(RCC_CFGR), 0);
}

static void a_switch_that_does_not_follow_leaves_16_mhz(void **state)
{
    (void)state;
    chip_attach((struct chip_part){RCC_CFGR, 4, nothing, ignore});
    stays_at_16_mhz();
}

static void qemu_is_known_by_its_zeros_and_counts_at_1_ghz(void **state)
{
    (void)state;
    assert_false(rcc_emulated());
    chip_be_qemu();
    system_start();
    assert_true(rcc_emulated());
    assert_int_equal(rcc_timer_hz(), 1000000000);
    assert_int_equal(rcc_core_hz(), 168000000);
    assert_int_equal(rcc_apb1_hz(), 16000000);
}

static void a_part_that_gets_its_clock_leaves_the_others_theirs(void **state)
{
    (void)state;
    rcc_enable(RCC_APB1ENR, 1u << 17);
    rcc_enable(RCC_APB1ENR, 1u << 21);
    assert_int_equal(chip_get(RCC_APB1ENR), 1u << 17 | 1u << 21);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_pll_gives_84_mhz_and_apb1_half_of_it, fresh),
        cmocka_unit_test_setup(the_flash_gets_its_waits_before_the_clock_goes_up, fresh),
        cmocka_unit_test_setup(a_pll_that_does_not_start_leaves_16_mhz, fresh),
        cmocka_unit_test_setup(a_flash_that_does_not_take_its_waits_leaves_16_mhz, fresh),
        cmocka_unit_test_setup(a_switch_that_does_not_follow_leaves_16_mhz, fresh),
        cmocka_unit_test_setup(qemu_is_known_by_its_zeros_and_counts_at_1_ghz, fresh),
        cmocka_unit_test_setup(a_part_that_gets_its_clock_leaves_the_others_theirs, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
