/* Why the chip started, and its serial number. */
/* sources: drivers/system.c drivers/rcc.c test/model_chip.c */
#include "../board/stm32f4/registers.h"
#include "../drivers/system.h"
#include "../gen/link_messages.h"
#include "model_chip.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

/* As the processor's own file tells it (board/stm32f4/cpu.c). */
static bool had_fault;

bool system_had_fault(void)
{
    bool had = had_fault;
    had_fault = false;
    return had;
}

static int fresh(void **state)
{
    (void)state;
    chip_reset();
    return 0;
}

static void the_flags_of_a_reset_tell_its_cause(void **state)
{
    (void)state;
    const struct {
        uint32_t flags;
        uint8_t cause;
    } resets[] = {
        /* As they stand in fact: power sets three flags, every other reset that of the pin too. */
        {RCC_CSR_PORRSTF | RCC_CSR_BORRSTF | RCC_CSR_PINRSTF, LINK_RESET_POWER},
        {RCC_CSR_BORRSTF | RCC_CSR_PINRSTF, LINK_RESET_BROWN_OUT},
        {RCC_CSR_PINRSTF, LINK_RESET_PIN},
        {RCC_CSR_SFTRSTF | RCC_CSR_PINRSTF, LINK_RESET_SOFTWARE},
        {RCC_CSR_IWDGRSTF | RCC_CSR_PINRSTF, LINK_RESET_WATCHDOG},
        {RCC_CSR_WWDGRSTF | RCC_CSR_PINRSTF, LINK_RESET_WATCHDOG},
        {RCC_CSR_LPWRRSTF | RCC_CSR_PINRSTF, LINK_RESET_LOW_POWER},
        {0, LINK_RESET_UNKNOWN},
    };
    for (size_t row = 0; row < sizeof resets / sizeof resets[0]; row++) {
        chip_put(RCC_CSR, resets[row].flags | 3u);
        assert_int_equal(system_reset_cause(), resets[row].cause);
        assert_int_equal(chip_get(RCC_CSR), resets[row].flags | 3u | RCC_CSR_RMVF);
    }
}

static void a_fault_is_told_apart_from_an_order(void **state)
{
    (void)state;
    had_fault = true;
    chip_put(RCC_CSR, RCC_CSR_SFTRSTF | RCC_CSR_PINRSTF);
    assert_int_equal(system_reset_cause(), LINK_RESET_FAULT);
    assert_int_equal(system_reset_cause(), LINK_RESET_SOFTWARE);
    /* What stands in the memory after a start by power is chance. */
    had_fault = true;
    chip_put(RCC_CSR, RCC_CSR_PORRSTF);
    assert_int_equal(system_reset_cause(), LINK_RESET_POWER);
    chip_be_qemu();
    had_fault = true;
    assert_int_equal(system_reset_cause(), LINK_RESET_FAULT);
}

static void the_serial_number_is_read_low_byte_first(void **state)
{
    (void)state;
    uint8_t uid[12];
    chip_put(UID, 0x04030201u);
    chip_put(UID + 4u, 0x08070605u);
    chip_put(UID + 8u, 0x0C0B0A09u);
    assert_true(system_uid(uid));
    for (uint8_t byte = 0; byte < 12u; byte++) {
        assert_int_equal(uid[byte], byte + 1);
    }
}

static void qemu_has_neither_and_is_not_asked(void **state)
{
    (void)state;
    uint8_t uid[12];
    chip_be_qemu();
    assert_false(system_uid(uid));
    assert_int_equal(system_reset_cause(), LINK_RESET_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_flags_of_a_reset_tell_its_cause, fresh),
        cmocka_unit_test_setup(a_fault_is_told_apart_from_an_order, fresh),
        cmocka_unit_test_setup(the_serial_number_is_read_low_byte_first, fresh),
        cmocka_unit_test_setup(qemu_has_neither_and_is_not_asked, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
