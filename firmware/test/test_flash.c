/* The flash: it keeps what is written, says so when it did not, waits with a bound, and is locked whenever nothing is
 * done to it. */
/* sources: drivers/flash.c drivers/clock.c drivers/rcc.c test/model_chip.c test/model_flash.c */
#include "../board/stm32f4/registers.h"
#include "../drivers/flash.h"
#include "../drivers/mmio.h"
#include "model_chip.h"
#include "model_flash.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

static const uint32_t words[] = {0x01234567u, 0x89ABCDEFu, 0u, 0xFFFFFFFFu};

static int fresh(void **state)
{
    (void)state;
    chip_reset();
    flash_model_attach();
    return 0;
}

static int locked_again(void **state)
{
    (void)state;
    return (mmio_read(FLASH_CR) & FLASH_CR_LOCK) != 0u ? 0 : -1;
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    uint32_t back[4];
    assert_true(flash_erase(1));
    assert_true(flash_write(1, 100, words, 4));
    flash_read(1, 100, back, 4);
    assert_memory_equal(back, words, sizeof back);
    assert_int_equal(flash_model_words[1][99], 0xFFFFFFFF);
    assert_int_equal(flash_model_words[1][104], 0xFFFFFFFF);
    assert_int_equal(flash_model_words[0][100], 0x5A5A5A5A);
}

static void both_sectors_and_no_other_can_be_erased(void **state)
{
    (void)state;
    assert_true(flash_erase(0));
    assert_true(flash_erase(1));
    assert_false(flash_erase(2));
    assert_int_equal(flash_model_erases, 2);
    assert_int_equal(flash_model_words[0][4095], 0xFFFFFFFF);
}

static void nothing_is_written_beside_a_sector(void **state)
{
    (void)state;
    uint32_t back[2] = {0, 0};
    assert_true(flash_erase(0));
    assert_false(flash_write(2, 0, words, 1));
    assert_false(flash_write(0, 4095, words, 2));
    assert_false(flash_write(0, 5000, words, 1));
    assert_false(flash_write(0, (size_t)-1, words, 2));
    assert_int_equal(flash_model_writes, 0);
    flash_read(0, 4095, back, 2);
    assert_int_equal(back[1], 0xFFFFFFFF);
    flash_read(7, 0, back, 1);
    assert_int_equal(back[0], 0xFFFFFFFF);
}

static void a_bit_that_is_not_erased_cannot_become_one(void **state)
{
    (void)state;
    assert_true(flash_erase(0));
    assert_true(flash_write(0, 0, words, 1));
    assert_false(flash_write(0, 0, &words[1], 1));
}

static void a_worn_out_cell_is_found(void **state)
{
    (void)state;
    flash_model_stuck_low = 1u << 9;
    assert_false(flash_erase(0));
    flash_model_stuck_low = 0;
    assert_true(flash_erase(0));
    flash_model_stuck_high = 1u << 3;
    assert_false(flash_write(0, 0, words, 1));
}

static void a_protected_flash_refuses(void **state)
{
    (void)state;
    assert_true(flash_erase(0));
    flash_model_protected = true;
    assert_false(flash_write(0, 0, words, 1));
    assert_true(flash_write(0, 0, &words[3], 1)); /* all ones stand there already */
    flash_model_words[0][0] = 0;
    assert_false(flash_erase(0));
    flash_model_protected = false;
    assert_true(flash_erase(0)); /* an old failure does not stop the next operation */
}

static void an_operation_that_does_not_end_is_given_up(void **state)
{
    (void)state;
    flash_model_busy_looks = UINT32_MAX;
    uint32_t before = chip_us();
    assert_false(flash_erase(0));
    assert_true(chip_us() - before < 1100000u);
    assert_false(flash_erase(0)); /* nor is another begun beside it */
    assert_false(flash_write(0, 0, words, 1));
    assert_int_equal(flash_model_erases, 1);
}

static void a_word_that_does_not_end_is_given_up_soon(void **state)
{
    (void)state;
    assert_true(flash_erase(0));
    flash_model_busy_looks = UINT32_MAX;
    uint32_t before = chip_us();
    assert_false(flash_write(0, 0, words, 4));
    assert_true(chip_us() - before < 1200u);
    assert_int_equal(flash_model_writes, 1);
}

static void a_lock_that_stays_shut_is_not_written_through(void **state)
{
    (void)state;
    mmio_write(FLASH_KEYR, 0); /* RM0390 3.5.1: a wrong key shuts it until the next reset */
    assert_false(flash_erase(0));
    assert_false(flash_write(0, 0, words, 1));
    assert_int_equal(flash_model_words[0][0], 0x5A5A5A5A);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read_back, fresh, locked_again),
        cmocka_unit_test_setup_teardown(both_sectors_and_no_other_can_be_erased, fresh, locked_again),
        cmocka_unit_test_setup_teardown(nothing_is_written_beside_a_sector, fresh, locked_again),
        cmocka_unit_test_setup_teardown(a_bit_that_is_not_erased_cannot_become_one, fresh, locked_again),
        cmocka_unit_test_setup_teardown(a_worn_out_cell_is_found, fresh, locked_again),
        cmocka_unit_test_setup_teardown(a_protected_flash_refuses, fresh, locked_again),
        cmocka_unit_test_setup_teardown(an_operation_that_does_not_end_is_given_up, fresh, locked_again),
        cmocka_unit_test_setup_teardown(a_word_that_does_not_end_is_given_up_soon, fresh, locked_again),
        cmocka_unit_test_setup_teardown(a_lock_that_stays_shut_is_not_written_through, fresh, locked_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
