/*
 * A small room: what warms it, what it loses through its walls, what the fan exchanges with the outside, and the
 * water in its air. Beside it the board's box, warmed by what is driven, cooled by the same fan.
 */
#include <math.h>

#include "plant_state.h"

#define ROOM_J_PER_K 3000.0
#define WALLS_W_PER_K 5.0
#define FAN_W_PER_K 20.0 /* at 100 % */
#define HEATER_W 200.0
#define LAMP_W 10.0
#define ROOM_M3 2.5
#define LEAK_PER_S (1.0 / 600.0) /* the room's air, exchanged through its cracks */
#define FAN_PER_S (1.0 / 60.0)
#define BOX_J_PER_K 60.0
#define BOX_W_PER_K 0.5
#define BOX_FAN_W_PER_K 2.0
#define SENSOR_S 8.0 /* SHT31 data sheet: the response time of humidity, tau 63 % */

/* Grams of water in a cubic metre of saturated air (Magnus, as in WMO No. 8). */
static double saturated_g(double celsius)
{
    const double hpa = 6.112 * exp(17.62 * celsius / (243.12 + celsius));

    return 216.7 * hpa / (273.15 + celsius);
}

static void approach(double *value, double target, double tau_s)
{
    *value += (target - *value) * PLANT_STEP_S / tau_s;
}

void plant_room_step(void)
{
    const double fan = plant.fan_percent / 100.0;
    const double outside_g = plant.outside_percent / 100.0 * saturated_g(plant.outside_c);
    const double watt = (plant.heater != 0.0 ? HEATER_W : 0.0) + LAMP_W * plant.lamp_percent / 100.0 +
        (WALLS_W_PER_K + FAN_W_PER_K * fan) * (plant.outside_c - plant.room_c);
    const double box_watt = plant.box_watt + plant.door_ampere * plant.door_ampere * 0.3 +
        5.0 * plant.rotor_percent / 100.0 + (BOX_W_PER_K + BOX_FAN_W_PER_K * fan) * (plant.room_c - plant.box_c);

    plant.room_c += watt / ROOM_J_PER_K * PLANT_STEP_S;
    plant.box_c += box_watt / BOX_J_PER_K * PLANT_STEP_S;
    plant.vapour_g += ((LEAK_PER_S + FAN_PER_S * fan) * (outside_g - plant.vapour_g) +
                          plant.steam_g_per_min / 60.0 / ROOM_M3) * PLANT_STEP_S;
    plant.vapour_g = fmin(plant.vapour_g, saturated_g(plant.room_c)); /* the rest runs down the windows */
    plant.room_percent = 100.0 * plant.vapour_g / saturated_g(plant.room_c);
    approach(&plant.sht31_c, plant.room_c, SENSOR_S);
    approach(&plant.sht31_percent, plant.room_percent, SENSOR_S);
    plant.light_volt = 0.1 + 2.0 * plant.daylight + 1.0 * plant.lamp_percent / 100.0;
}
