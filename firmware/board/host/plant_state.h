/*
 * The whole plant: one struct of plain numbers, so that one table (plant_fields.c) can set and tell them all. What
 * stands under "from outside" is set by whoever is connected; the rest follows by the plant's physics. A yes is not
 * 0.
 */
#ifndef PLANT_STATE_H
#define PLANT_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLANT_STEP_MS 1
#define PLANT_STEP_S 0.001
#define PLANT_DOOR_MM 400.0
#define PLANT_COUNTS_PER_MM 20.0
#define PLANT_AMPERE_AT_FULL 6.6

struct plant {
    /* From outside: the world. */
    double outside_c, outside_percent, hpa, daylight, steam_g_per_min, box_watt;
    double load_kg;
    double foot, foot_mm, door_stuck, person, button;
    double supply_mv;
    /* From outside: what breaks. */
    double sht31_gone, sht31_damaged, bme280_gone, bus_stuck, scale_gone, encoder_gone, switches_off;
    /* Where all stands. */
    double at_ms;
    double room_c, room_percent, vapour_g, box_c, light_volt;
    double sht31_c, sht31_percent; /* at the sensor, which follows the room */
    double scale_kg;               /* on the cell, which swings in */
    double door_mm, door_mm_per_s, door_ampere, foot_newton, door_closed, door_open;
    double rotor_rpm, rotor_armed_ms, rotor_percent, latch_deg;
    double lamp_percent, fan_percent, heater, green;
};
extern struct plant plant;

/* As the plant is after the start: 18 °C, door closed, nothing on the scale. */
void plant_reset(void);
/* Moves all of it on by one step of 1 ms. */
void plant_step(void);
void plant_room_step(void);
void plant_scale_step(void);
void plant_door_reset(void);
void plant_door_step(void);
void plant_drives_step(void);

/* A part on the I2C bus; false: it does not acknowledge. */
struct plant_part {
    bool (*write)(const uint8_t *data, size_t length);
    bool (*read)(uint8_t *data, size_t length);
};
extern const struct plant_part plant_sht31;
extern const struct plant_part plant_bme280;

void plant_pin_written(uint8_t pin, bool high);
bool plant_pin_read(uint8_t pin);
void plant_scale_reset(void);
void plant_scale_clock(bool high);
bool plant_scale_data(void);
int32_t plant_door_counts(void);

/* One line of JSON from outside, a flat object: all of it is done, or nothing. Null, or why not. */
const char *plant_fields_take(const char *line);
/* The plant as a line of JSON with its end of line; bytes written, without the 0 at the end. */
size_t plant_fields_tell(char *to, size_t most);

#endif
