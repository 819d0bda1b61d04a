/* Settings survive a loss of power at every single write and erasure. sources: src/settings.c src/crc.c test/model_flash_power.c */
#include "../src/settings.h"

#include "model_flash_power.h"
#include "test_support.h"

#define SLOTS (FLASH_SECTOR_BYTES / 32)
#define CHANNELS 6

static int start(void **state)
{
    (void)state;
    srand(5);
    flash_model_erase_all();
    assert_true(settings_start());
    return 0;
}

static struct setting number(float value) { return (struct setting){.kind = SETTING_NUMBER, .number = value}; }

static struct setting text(const char *value)
{
    struct setting setting = {.kind = SETTING_TEXT};

    snprintf(setting.text, sizeof setting.text, "%s", value);
    return setting;
}

/* A value of its own for each of them, so that none can be taken for another. */
static struct setting value_of(unsigned channel, unsigned version)
{
    char name[SETTING_TEXT_MOST + 1];

    snprintf(name, sizeof name, "channel %u version %u", channel, version % 1000);
    return channel % 2 == 0 ? text(name) : number((float)(channel * 1000 + version));
}

static bool same(const struct setting *a, const struct setting *b)
{
    return a->kind == b->kind && a->number == b->number && strcmp(a->text, b->text) == 0;
}

static bool is(unsigned channel, struct setting expected)
{
    struct setting kept;
    const bool found = settings_get((uint8_t)channel, 1, &kept);

    return found == (expected.kind != SETTING_NONE) && same(&kept, &expected);
}

static const struct setting NONE = {.kind = SETTING_NONE};

static void keeps_numbers_and_texts_over_a_start(void **state)
{
    const struct setting longest = text("exactly 24 bytes of text"), weight = number(-12.5f);
    struct setting kept;

    (void)state;
    assert_true(settings_put(1, 1, &longest));
    assert_true(settings_put(1, 2, &weight));
    assert_true(settings_start());
    assert_true(settings_get(1, 1, &kept) && same(&kept, &longest));
    assert_true(settings_get(1, 2, &kept) && same(&kept, &weight));
    assert_false(settings_get(2, 1, &kept));
    assert_true(settings_put(1, 1, &NONE));
    assert_true(is(1, NONE));
    assert_true(settings_start());
    assert_true(is(1, NONE));
    assert_true(settings_get(1, 2, &kept));
}

static void a_full_sector_goes_over_to_the_other_and_back(void **state)
{
    struct setting value = number(0);

    (void)state;
    for (unsigned version = 0; version < 4 * SLOTS; version++) {
        value = value_of(version % CHANNELS, version);
        assert_true(settings_put((uint8_t)(version % CHANNELS), 1, &value));
        assert_true(is(version % CHANNELS, value));
    }
    assert_in_range(flash_model.erasures, 4, 5);
    assert_true(settings_start());
    for (unsigned version = 4 * SLOTS - CHANNELS; version < 4 * SLOTS; version++)
        assert_true(is(version % CHANNELS, value_of(version % CHANNELS, version)));
}

static bool power_fails_in_put(unsigned channel, const struct setting *fresh)
{
    if (setjmp(flash_model.power_failed) != 0)
        return true;
    settings_put((uint8_t)channel, 1, fresh);
    return false;
}

/* Does this put with the power failing at each of its operations, in each way, and looks at what is kept afterwards. */
static void put_with_every_cut(unsigned channel, struct setting fresh, const struct setting *old, unsigned *cuts)
{
    static struct flash_model before;
    struct setting kept;

    memcpy(&before, &flash_model, sizeof before);
    assert_true(settings_put((uint8_t)channel, 1, &fresh));
    const unsigned operations = flash_model.operations - before.operations;

    for (unsigned at = 1; at <= operations; at++) {
        for (enum cut cut = CUT_BEFORE; cut < CUT_KINDS; cut++, (*cuts)++) {
            memcpy(&flash_model, &before, sizeof before);
            assert_true(settings_start());
            flash_model.cut_at = flash_model.operations + at;
            flash_model.cut = cut;
            assert_true(power_fails_in_put(channel, &fresh));
            settings_start();
            for (unsigned other = 0; other < CHANNELS; other++) {
                settings_get((uint8_t)other, 1, &kept);
                if (!same(&kept, &old[other]) && !(other == channel && same(&kept, &fresh)))
                    fail_msg("channel %u after cut %d in operation %u of %u", other, (int)cut, at, operations);
            }
            /* What is found then is no chance: it is found again, and can be changed. */
            settings_get((uint8_t)channel, 1, &kept);
            assert_true(settings_start());
            assert_true(is(channel, kept));
            assert_true(settings_put((uint8_t)channel, 1, &fresh));
            assert_true(settings_start() && is(channel, fresh));
        }
    }
    memcpy(&flash_model, &before, sizeof before);
    assert_true(settings_start() && settings_put((uint8_t)channel, 1, &fresh));
}

static void whenever_the_power_fails_each_setting_is_the_old_or_the_new_one(void **state)
{
    struct setting now[CHANNELS] = {{.kind = SETTING_NONE}};
    unsigned cuts = 0, moves_seen = 0;

    (void)state;
    for (unsigned version = 0; version < 2 * SLOTS + 20; version++) {
        const unsigned channel = version % CHANNELS;
        const struct setting fresh = version % 37 == 36 ? NONE : value_of(channel, version);
        const unsigned place = version % (SLOTS - 1 - CHANNELS);

        /* Around the beginning and the end of a sector, where it is told from the other one; in between every slot is like the next. */
        if (version < 10 || place < 12 || place > SLOTS - CHANNELS - 8 || version % 100 == 0) {
            const unsigned erasures = flash_model.erasures;

            put_with_every_cut(channel, fresh, now, &cuts);
            moves_seen += flash_model.erasures != erasures;
        } else {
            assert_true(settings_put((uint8_t)channel, 1, &fresh));
        }
        now[channel] = fresh;
    }
    assert_true(moves_seen >= 3); /* the first value of all is one, too */
    assert_true(cuts > 1000);
}

static void what_is_damaged_is_told_once_and_the_one_before_holds(void **state)
{
    (void)state;
    const struct setting old = number(1), fresh = number(2);

    assert_true(settings_put(1, 1, &old));
    assert_true(settings_put(1, 1, &fresh));
    flash_model.words[0][2 * 8 + 1] ^= 0x10;
    assert_false(settings_start());
    assert_true(is(1, old));
    assert_true(settings_start());
    assert_true(settings_put(1, 1, &fresh));
    assert_true(is(1, fresh));
}

static void a_damaged_head_is_told_once_and_settings_begin_anew(void **state)
{
    const struct setting value = number(1);

    (void)state;
    assert_true(settings_put(1, 1, &value));
    flash_model.words[0][1] ^= 0x10;
    assert_false(settings_start());
    assert_true(is(1, NONE));
    assert_true(settings_start());
    assert_true(settings_put(1, 1, &value));
    assert_true(settings_start() && is(1, value));
}

static void garbage_is_no_setting(void **state)
{
    struct setting kept;
    const struct setting value = number(7);

    (void)state;
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < FLASH_SECTOR_BYTES / 4; i++) {
            flash_model.words[0][i] = (uint32_t)rand() << 16 ^ (uint32_t)rand();
            flash_model.words[1][i] = (uint32_t)rand() << 16 ^ (uint32_t)rand();
        }
        settings_start();
        assert_false(settings_get(1, 1, &kept));
        assert_true(settings_put(1, 1, &value));
        assert_true(settings_start() && is(1, value));
    }
}

static void worn_out_flash_says_no_and_the_old_one_holds(void **state)
{
    const struct setting old = number(1), fresh = number(2);

    (void)state;
    flash_model.broken_from = 1;
    assert_false(settings_put(1, 1, &old));
    flash_model.broken_from = 0;
    assert_true(settings_put(1, 1, &old));
    for (unsigned word = 1; word <= 8; word++) {
        flash_model.broken_from = flash_model.operations + word;
        assert_false(settings_put(1, 1, &fresh));
        assert_true(is(1, old));
        assert_true(settings_start() && is(1, old));
    }
    flash_model.broken_from = 0;
    assert_true(settings_put(1, 1, &fresh) && is(1, fresh));
}

static void more_settings_than_a_sector_holds_are_refused(void **state)
{
    unsigned taken = 0;
    const struct setting value = number(3);

    (void)state;
    for (unsigned key = 0; key < SLOTS + 20; key++)
        taken += settings_put((uint8_t)(key % 200), (uint8_t)(1 + key / 200), &value);
    assert_in_range(taken, SLOTS - 2, SLOTS - 1);
    assert_true(settings_start());
    assert_true(is(0, value));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(keeps_numbers_and_texts_over_a_start, start),
        cmocka_unit_test_setup(a_full_sector_goes_over_to_the_other_and_back, start),
        cmocka_unit_test_setup(whenever_the_power_fails_each_setting_is_the_old_or_the_new_one, start),
        cmocka_unit_test_setup(what_is_damaged_is_told_once_and_the_one_before_holds, start),
        cmocka_unit_test_setup(a_damaged_head_is_told_once_and_settings_begin_anew, start),
        cmocka_unit_test_setup(garbage_is_no_setting, start),
        cmocka_unit_test_setup(worn_out_flash_says_no_and_the_old_one_holds, start),
        cmocka_unit_test_setup(more_settings_than_a_sector_holds_are_refused, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
