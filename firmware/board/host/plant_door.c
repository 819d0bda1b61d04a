/*
 * A sliding door of 400 mm: a motor behind an H-bridge, a stiff gear, an encoder, a switch and a stop at each end,
 * and somebody's foot. The motor's coil is so quick that its current follows at once: what is left of the voltage
 * after the speed's own, over the resistance.
 */
#include <math.h>

#include "pins.h"
#include "plant_state.h"
#include "wiring.h"

#define SUPPLY_V 12.0
#define OHM 3.0
#define V_PER_M_PER_S 75.0 /* and newtons an ampere: 160 mm/s without a load, 300 N when held */
#define KG 30.0            /* of the door, and of the rotor as the door feels it */
#define FRICTION_N 45.0
#define FOOT_N_PER_MM 20.0
#define STOP_N_PER_MM 200.0
#define STOP_BEHIND_MM 3.0 /* so far behind the switch */
#define SWITCH_MM 0.5

static double encoder_mm; /* what has gone past the encoder since the board was reset */

void plant_door_reset(void)
{
    encoder_mm = 0.0;
}

int32_t plant_door_counts(void) { return (int32_t)floor(encoder_mm * PLANT_COUNTS_PER_MM); }

/* Amperes, forwards positive. With both pins low the bridge lets go, with both high it shorts the motor. */
static double ampere(void)
{
    const bool forward = pins_level(WIRE_DOOR_FORWARD), backward = pins_level(WIRE_DOOR_BACKWARD);
    const double duty = pins_duty(WIRE_DOOR_ENABLE, (struct pwm)WIRE_DOOR_PWM);

    if ((!forward && !backward) || duty == 0.0)
        return 0.0;
    const double volt = SUPPLY_V * duty * ((forward ? 1.0 : 0.0) - (backward ? 1.0 : 0.0));

    return (volt - V_PER_M_PER_S * plant.door_mm_per_s / 1000.0) / OHM;
}

/* How hard what stands at that place pushes back, with so much give a millimetre. */
static double pushes(double into_mm, double newton_per_mm) { return into_mm > 0.0 ? into_mm * newton_per_mm : 0.0; }

void plant_door_step(void)
{
    const double coil = ampere();
    const double before_mm = plant.door_mm;

    plant.foot_newton = plant.foot != 0.0 ? pushes(plant.foot_mm - before_mm, FOOT_N_PER_MM) : 0.0;
    const double stop_newton = pushes(-STOP_BEHIND_MM - before_mm, STOP_N_PER_MM) -
        pushes(before_mm - PLANT_DOOR_MM - STOP_BEHIND_MM, STOP_N_PER_MM);
    const double newton = V_PER_M_PER_S * coil + plant.foot_newton + stop_newton;
    const double free_m_per_s = plant.door_mm_per_s / 1000.0 + newton / KG * PLANT_STEP_S;
    const double held_m_per_s = FRICTION_N / KG * PLANT_STEP_S; /* friction takes so much, and turns nothing round */
    const double left = fabs(free_m_per_s) > held_m_per_s ? free_m_per_s - copysign(held_m_per_s, free_m_per_s) : 0.0;

    plant.door_mm_per_s = plant.door_stuck != 0.0 ? 0.0 : left * 1000.0;
    plant.door_mm += plant.door_mm_per_s * PLANT_STEP_S;
    plant.door_ampere = fabs(coil);
    plant.door_closed = plant.door_mm <= SWITCH_MM;
    plant.door_open = plant.door_mm >= PLANT_DOOR_MM - SWITCH_MM;
    if (plant.encoder_gone == 0.0)
        encoder_mm += plant.door_mm - before_mm;
}
