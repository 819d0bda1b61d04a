/* The whole door robot without a host: the board's table and its peripherals against the plant, 1 ms after 1 ms. */
/* sources: board/host/board.c board/host/pins.c board/host/buses.c board/host/plant.c board/host/plant_keep.c board/host/plant_room.c
   board/host/plant_sht31.c    board/host/plant_bme280.c board/host/plant_scale.c board/host/plant_door.c
   board/host/plant_drives.c board/host/plant_fields.c    board/host/plant_socket.c board/host/plant_listen.c
   peripherals/analog_in.c peripherals/bme280.c peripherals/bme280_formula.c peripherals/digital_in.c
   peripherals/digital_out.c peripherals/esc.c peripherals/hx711.c peripherals/led.c peripherals/misses.c
   peripherals/motor.c peripherals/motor_readings.c peripherals/servo.c peripherals/sht31.c */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <string.h>

#include "../board/host/plant.h"
#include "../board/host/plant_state.h"
#include "../drivers/clock.h"
#include "../drivers/system.h"
#include "../gen/link_messages.h"
#include "../src/channel.h"

enum id { LAMP = 1, FAN, LATCH, ROTOR, DOOR, POSITION, CURRENT, TEMPERATURE, HUMIDITY, BOX, PRESSURE, SCALE, BUTTON,
    GREEN, LIGHT, HEATER, DOORWAY, BOX_HUMIDITY };

static uint32_t now_us, last_ms[32];
static uint8_t last_event;
static double event_at_ms;

uint32_t clock_us(void) { return now_us; }
uint32_t clock_ms(void) { return now_us / 1000u; }
void clock_wait_us(uint32_t us) { (void)us; }
uint32_t critical_enter(void) { return 0; }
void critical_leave(uint32_t state) { (void)state; }
void channel_stopped(const struct channel *channel) { (void)channel; }

void channel_event(const struct channel *channel, uint8_t event, float value)
{
    (void)channel, (void)value;
    last_event = event;
    event_at_ms = plant.at_ms;
}

static void pass(uint32_t ms)
{
    for (uint32_t passed = 0; passed < ms; passed++) {
        now_us += 1000u;
        plant_turn();
        for (int i = 0; i < board_channel_count; i++) {
            const struct channel *channel = &board_channels[i];

            if (channel->kind->tick && clock_ms() - last_ms[i] >= channel->tick_ms) {
                last_ms[i] = clock_ms();
                channel->kind->tick(channel, clock_ms());
            }
        }
    }
}

static const struct channel *of(enum id id) { return &board_channels[id - 1]; }
static uint8_t set(enum id id, float value) { return of(id)->kind->drive(of(id), value); }
static double value(enum id id) { return (double)of(id)->kind->read(of(id)).value; }
static uint8_t fault(enum id id) { return of(id)->kind->read(of(id)).fault; }

static void say(const char *line) { assert_null(plant_fields_take(line)); }

static int begin(void **s)
{
    (void)s;
    plant_reset();
    last_event = 0;
    board_start();
    for (int i = 0; i < board_channel_count; i++) {
        assert_int_equal(board_channels[i].id, i + 1);
        board_channels[i].kind->start(&board_channels[i]);
    }
    pass(1100);
    return 0;
}

static void every_sensor_tells_what_the_plant_is(void **s)
{
    (void)s;
    for (int i = 0; i < board_channel_count; i++)
        assert_int_equal(fault((enum id)(i + 1)), i + 1 == SCALE ? LINK_FAULT_NOT_CALIBRATED : 0);
    assert_float_equal(value(TEMPERATURE), plant.sht31_c, 0.05);
    assert_float_equal(value(HUMIDITY), plant.sht31_percent, 0.1);
    assert_float_equal(value(BOX), plant.box_c, 0.05);
    assert_float_equal(value(PRESSURE), 1013.25, 0.05);
    assert_float_equal(value(BOX_HUMIDITY), plant.room_percent, 0.2);
    assert_float_equal(value(LIGHT), 1.1, 0.01);
    assert_float_equal(value(POSITION), 0, 0.05);
    say("{\"button\":true, \"person\":true}");
    pass(40);
    assert_float_equal(value(BUTTON), 1, 0);
    assert_float_equal(value(DOORWAY), 1, 0);
}

static void the_bme280_is_right_over_its_range(void **s)
{
    static const struct { double c, hpa; } rows[] = {{-20, 850}, {0, 1000}, {25, 1013.25}, {60, 1090}};

    (void)s;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        plant.box_c = rows[i].c;
        plant.hpa = rows[i].hpa;
        pass(1100);
        assert_float_equal(value(BOX), plant.box_c, 0.5);
        assert_float_equal(value(PRESSURE), rows[i].hpa, 0.05);
    }
}

static void the_heater_warms_the_room_and_the_fan_cools_it(void **s)
{
    (void)s;
    (void)set(HEATER, 1);
    pass(120000);
    const double warm = value(TEMPERATURE);

    assert_true(warm > 22.0);
    (void)set(HEATER, 0);
    (void)set(FAN, 100);
    pass(120000);
    assert_true(value(TEMPERATURE) < warm - 2.0);
}

static void the_door_opens_to_its_end_and_closes_again(void **s)
{
    (void)s;
    assert_int_equal(set(DOOR, -50), LINK_REFUSAL_BLOCKED);
    assert_int_equal(set(DOOR, 80), 0);
    pass(6000);
    assert_int_equal(last_event, LINK_EVENT_END_REACHED);
    assert_float_equal(value(POSITION), 400, 5);
    assert_int_equal(set(DOOR, -80), 0);
    pass(6000);
    assert_int_equal(last_event, LINK_EVENT_END_REACHED);
    assert_true(plant.door_closed != 0.0);
    assert_float_equal(value(POSITION), 0, 5);
    assert_float_equal(value(CURRENT), 0, 0.01);
}

static void a_foot_stops_the_closing_door_within_200_ms_and_is_not_crushed(void **s)
{
    double touched_ms = 0.0, most_newton = 0.0;

    (void)s;
    (void)set(DOOR, 100);
    pass(6000);
    say("{\"foot\":true,\"footMm\":200}");
    last_event = 0;
    (void)set(DOOR, -80);
    while (last_event == 0 && plant.at_ms < 60000.0) {
        pass(1);
        if (touched_ms == 0.0 && plant.foot_newton > 0.0)
            touched_ms = plant.at_ms;
        most_newton = fmax(most_newton, plant.foot_newton);
    }
    assert_int_equal(last_event, LINK_EVENT_OBSTACLE);
    assert_true(event_at_ms - touched_ms <= 200.0);
    assert_true(most_newton < 400.0);
    pass(300);
    assert_float_equal(plant.door_mm_per_s, 0, 0.1);
}

static void a_slipped_encoder_or_a_door_that_is_stuck_never_burns_the_motor(void **s)
{
    (void)s;
    say("{\"encoderGone\":true}");
    (void)set(DOOR, 60);
    pass(600);
    assert_int_equal(fault(DOOR), LINK_FAULT_JAMMED);
    (void)begin(NULL);
    say("{\"encoderGone\":false,\"doorStuck\":true}");
    (void)set(DOOR, 100);
    pass(600);
    assert_int_equal(last_event, LINK_EVENT_OBSTACLE);
    assert_float_equal(plant.door_ampere, 0, 0);
}

static void the_scale_weighs_after_tare_and_scale_and_knows_its_rail(void **s)
{
    const struct channel *scale = of(SCALE);
    float kept = 0;

    (void)s;
    assert_int_equal(scale->kind->calibrate(scale, LINK_SETTING_ZERO, 0, &kept), 0);
    scale->kind->restore(scale, LINK_SETTING_ZERO, &kept);
    say("{\"load\":1}");
    pass(3000);
    assert_int_equal(scale->kind->calibrate(scale, LINK_SETTING_SCALE, 1000, &kept), 0);
    scale->kind->restore(scale, LINK_SETTING_SCALE, &kept);
    say("{\"load\":1.5}");
    pass(3000);
    assert_float_equal(value(SCALE), 1500, 1.5);
    say("{\"load\":30}");
    pass(3000);
    assert_int_equal(fault(SCALE), LINK_FAULT_OUT_OF_RANGE);
    say("{\"scaleGone\":true}");
    pass(600);
    assert_int_equal(fault(SCALE), LINK_FAULT_NO_ANSWER);
    scale->kind->restore(scale, LINK_SETTING_SCALE, NULL);
}

static void what_breaks_on_the_bus_is_told_and_comes_back(void **s)
{
    static const struct { const char *line; uint8_t sht31, bme280; } rows[] = {
        {"{\"sht31Gone\":true,\"bme280Gone\":true}", LINK_FAULT_NO_ANSWER, LINK_FAULT_NO_ANSWER},
        {"{\"sht31Gone\":false,\"sht31Damaged\":true,\"bme280Gone\":false}", LINK_FAULT_BAD_CHECKSUM, 0},
        {"{\"sht31Damaged\":false,\"busStuck\":true}", LINK_FAULT_BUS_STUCK, LINK_FAULT_BUS_STUCK},
        {"{\"busStuck\":false}", 0, 0}};

    (void)s;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        say(rows[i].line);
        pass(4000);
        assert_int_equal(fault(TEMPERATURE), rows[i].sht31);
        assert_int_equal(fault(BOX), rows[i].bme280);
    }
}

static void the_rotor_is_armed_and_the_latch_turns(void **s)
{
    (void)s;
    (void)set(ROTOR, 50);
    (void)set(LATCH, 0);
    pass(6000);
    assert_float_equal(plant.rotor_rpm, 4000, 20);
    assert_float_equal(plant.latch_deg, 0, 0.2);
    (void)set(ROTOR, 0);
    (void)set(LATCH, 180);
    pass(3000);
    assert_float_equal(plant.rotor_rpm, 0, 20);
    assert_float_equal(plant.latch_deg, 180, 0.2);
}

static void the_same_again_comes_to_the_same(void **s)
{
    char first[2048], again[2048];

    (void)s;
    for (int i = 0; i < 2; i++) {
        plant_reset();
        (void)begin(NULL);
        (void)set(DOOR, 70);
        say("{\"load\":0.7,\"outsideC\":-3}");
        pass(2000);
        assert_true(plant_fields_tell(i ? again : first, sizeof first) > 0);
        (void)set(DOOR, 0);
    }
    assert_string_equal(first, again);
}

static void what_is_said_is_done_wholly_or_not_at_all(void **s)
{
    static const char *wrong[] = {"", "{}", "[]", "{\"load\"}", "{\"load\":}", "{\"load\":nan}", "{\"load\":31}",
        "{\"foot\":1}", "{\"foot\":true", "{\"foot\":true,}", "{\"foot\":true}x", "{\"feet\":true}", "{\"atMs\":0}",
        "{foot:true}",
        "{\"load\":1 2}", "{\"foot\":true,\"load\":99}", "{\"foot", "{\"load\":{\"a\":1}}"};

    (void)s;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (plant_fields_take(wrong[i]) == NULL)
            fail_msg("taken: %s", wrong[i]);
        assert_float_equal(plant.foot, 0, 0);
        assert_float_equal(plant.load_kg, 0, 0);
    }
    say(" { \"foot\" : true , \"load\" : -1.25e0 } \r");
    assert_float_equal(plant.foot, 1, 0);
    assert_float_equal(plant.load_kg, -1.25, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_sensor_tells_what_the_plant_is, begin),
        cmocka_unit_test_setup(the_bme280_is_right_over_its_range, begin),
        cmocka_unit_test_setup(the_heater_warms_the_room_and_the_fan_cools_it, begin),
        cmocka_unit_test_setup(the_door_opens_to_its_end_and_closes_again, begin),
        cmocka_unit_test_setup(a_foot_stops_the_closing_door_within_200_ms_and_is_not_crushed, begin),
        cmocka_unit_test_setup(a_slipped_encoder_or_a_door_that_is_stuck_never_burns_the_motor, begin),
        cmocka_unit_test_setup(the_scale_weighs_after_tare_and_scale_and_knows_its_rail, begin),
        cmocka_unit_test_setup(what_breaks_on_the_bus_is_told_and_comes_back, begin),
        cmocka_unit_test_setup(the_rotor_is_armed_and_the_latch_turns, begin),
        cmocka_unit_test_setup(the_same_again_comes_to_the_same, begin),
        cmocka_unit_test_setup(what_is_said_is_done_wholly_or_not_at_all, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
