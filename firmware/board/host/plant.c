/* The plant as a whole: its time and its pins. The physics is in plant_*.c beside it. */
#include "plant.h"

#include "../../drivers/clock.h"
#include "plant_keep.h"
#include "plant_socket.h"
#include "plant_state.h"
#include "wiring.h"

#define STEP_US (PLANT_STEP_MS * 1000u)

struct plant plant;

static uint32_t moved_to_us;
static bool begun;

/* What the board's own reset resets with it. */
static void begin_parts(void)
{
    plant_door_reset();
    plant_scale_reset();
}

void plant_reset(void)
{
    plant = (struct plant){
        .outside_c = 12.0, .outside_percent = 70.0, .hpa = 1013.25, .daylight = 0.5,
        .foot_mm = 150.0, .supply_mv = 3300.0,
        .room_c = 18.0, .vapour_g = 8.0, .box_c = 20.0, .sht31_c = 18.0, .sht31_percent = 52.0,
    };
    plant.door_closed = 1.0;
    begin_parts();
}

void plant_step(void)
{
    plant.at_ms += PLANT_STEP_MS;
    plant_drives_step();
    plant_room_step();
    plant_scale_step();
    plant_door_step();
}

/* Where plant_open was not called the plant lives all the same, as it is after its start. */
static void begin(void)
{
    if (begun)
        return;
    begun = true;
    if (plant_keep_begin())
        begin_parts();
    else
        plant_reset();
    moved_to_us = clock_us();
}

bool plant_open(const char *where)
{
    begin();
    return plant_socket_open(where);
}

void plant_turn(void)
{
    begin();
    plant_socket_hear();
    for (const uint32_t now_us = clock_us(); now_us - moved_to_us >= STEP_US; moved_to_us += STEP_US) {
        plant_step();
        plant_socket_stepped();
    }
    plant_keep();
}

void plant_close(void) { plant_socket_close(); }

void plant_pin_written(uint8_t pin, bool high)
{
    if (pin == WIRE_SCALE_SCK)
        plant_scale_clock(high);
}

bool plant_pin_read(uint8_t pin)
{
    begin(); /* peripherals look at their pins before the first turn */
    switch (pin) {
    case WIRE_SCALE_DOUT:
        return plant_scale_data();
    case WIRE_DOOR_CLOSED:
        return plant.door_closed != 0.0 || plant.switches_off != 0.0;
    case WIRE_DOOR_OPEN:
        return plant.door_open != 0.0 || plant.switches_off != 0.0;
    case WIRE_BUTTON:
        return plant.button == 0.0;
    case WIRE_DOORWAY:
        return plant.person == 0.0;
    default:
        return true; /* pulled up */
    }
}
