/* What simply follows the firmware's pulses: lamps, the fan, the heater, a latch on a servo, and a rotor behind an
 * ESC that wants arming. */
#include <math.h>

#include "pins.h"
#include "plant_state.h"
#include "wiring.h"

#define ARMING_MS 1500.0 /* of shortest pulses, before the ESC believes a longer one */
#define ROTOR_RPM 8000.0
#define ROTOR_S 0.4
#define LATCH_DEG_PER_S 300.0

static void rotor(void)
{
    const double pulse_us = pins_pulse_us(WIRE_ROTOR, (struct pwm)WIRE_ROTOR_PWM);

    if (pulse_us < 900.0)
        plant.rotor_armed_ms = 0.0; /* no signal */
    else if (pulse_us <= 1050.0 || plant.rotor_armed_ms >= ARMING_MS)
        plant.rotor_armed_ms = fmin(plant.rotor_armed_ms + PLANT_STEP_MS, ARMING_MS);
    const bool armed = plant.rotor_armed_ms >= ARMING_MS;

    plant.rotor_percent = armed ? fmin(fmax((pulse_us - 1000.0) / 10.0, 0.0), 100.0) : 0.0;
    plant.rotor_rpm += (ROTOR_RPM * plant.rotor_percent / 100.0 - plant.rotor_rpm) * PLANT_STEP_S / ROTOR_S;
}

static void latch(void)
{
    const double pulse_us = pins_pulse_us(WIRE_LATCH, (struct pwm)WIRE_LATCH_PWM);
    const double most = LATCH_DEG_PER_S * PLANT_STEP_S;

    if (pulse_us < 400.0)
        return; /* a servo without pulses is slack */
    const double way = (pulse_us - 500.0) / 2000.0 * 180.0 - plant.latch_deg;

    plant.latch_deg += fmin(fmax(way, -most), most);
}

void plant_drives_step(void)
{
    plant.lamp_percent = 100.0 * pins_duty(WIRE_LAMP, (struct pwm)WIRE_LAMP_PWM);
    plant.fan_percent = 100.0 * pins_duty(WIRE_FAN, (struct pwm)WIRE_FAN_PWM);
    plant.heater = pins_level(WIRE_HEATER);
    plant.green = pins_level(WIRE_GREEN);
    rotor();
    latch();
}
