/* What is wired to what: the board's table (board.c) and the plant both go by it. The pins are those of the
 * Nucleo-F446RE's table. */
#ifndef WIRING_H
#define WIRING_H

#include "../../drivers/gpio.h"
#include "../../drivers/pwm.h"

#define WIRE_LAMP PIN(B, 6)
#define WIRE_FAN PIN(B, 7)
#define WIRE_LATCH PIN(B, 4)
#define WIRE_ROTOR PIN(B, 5)
#define WIRE_DOOR_ENABLE PIN(A, 8)
#define WIRE_DOOR_FORWARD PIN(A, 9)
#define WIRE_DOOR_BACKWARD PIN(A, 10)
#define WIRE_DOOR_CLOSED PIN(B, 10) /* the back end's switch: open when the door is closed, and when its wire is off */
#define WIRE_DOOR_OPEN PIN(A, 7)
#define WIRE_DOOR_ENCODER_A PIN(C, 6)
#define WIRE_DOOR_ENCODER_B PIN(C, 7)
#define WIRE_DOOR_CURRENT PIN(A, 0)
#define WIRE_LIGHT PIN(A, 1)
#define WIRE_SCALE_DOUT PIN(A, 6)
#define WIRE_SCALE_SCK PIN(A, 4)
#define WIRE_BUTTON PIN(C, 13)
#define WIRE_GREEN PIN(A, 5)
#define WIRE_HEATER PIN(C, 8)
#define WIRE_DOORWAY PIN(C, 9) /* a light barrier across the doorway: low while its beam is broken */

/* Initializers of a struct pwm: timer, channel. */
#define WIRE_LAMP_PWM {4, 1}
#define WIRE_FAN_PWM {4, 2}
#define WIRE_LATCH_PWM {3, 1}
#define WIRE_ROTOR_PWM {3, 2}
#define WIRE_DOOR_PWM {1, 1}

#define WIRE_DOOR_TIMER 8u
#define WIRE_CURRENT_ADC 0u
#define WIRE_LIGHT_ADC 1u
#define WIRE_BUS 1u
#define WIRE_SHT31 0x44u
#define WIRE_BME280 0x76u

#endif
