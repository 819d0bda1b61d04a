/*
 * The door robot on the PC: one row a channel, one struct of pins a part. Ids, kinds and pins are those of the
 * Nucleo-F446RE's table (board/stm32f4/board.c), so that a flow that runs here runs there; what is behind the pins is
 * the plant (plant.h).
 */
#include "../../drivers/adc.h"
#include "../../drivers/i2c.h"
#include "../../gen/link_messages.h"
#include "../../peripherals/analog_in.h"
#include "../../peripherals/bme280.h"
#include "../../peripherals/digital_in.h"
#include "../../peripherals/digital_out.h"
#include "../../peripherals/esc.h"
#include "../../peripherals/hx711.h"
#include "../../peripherals/led.h"
#include "../../peripherals/motor.h"
#include "../../peripherals/servo.h"
#include "../../peripherals/sht31.h"
#include "wiring.h"

const char board_name[] = "host";

void board_start(void)
{
    adc_start();
    i2c_start(WIRE_BUS, PIN(B, 8), PIN(B, 9), 4);
}

static const struct led lamp = {.pin = WIRE_LAMP, .function = 2, .pwm = WIRE_LAMP_PWM};
static struct led_state lamp_state;

static const struct led fan = {.pin = WIRE_FAN, .function = 2, .pwm = WIRE_FAN_PWM};
static struct led_state fan_state;

static const struct servo latch = {
    .pin = WIRE_LATCH, .function = 2, .pwm = WIRE_LATCH_PWM, .min_us = 500, .max_us = 2500};
static struct servo_state latch_state;

static const struct esc rotor = {
    .pin = WIRE_ROTOR, .function = 2, .pwm = WIRE_ROTOR_PWM, .min_us = 1000, .max_us = 2000, .rise_ms = 2000};
static struct esc_state rotor_state;

static const struct motor door = {
    .pwm_pin = WIRE_DOOR_ENABLE, .pwm_function = 1, .pwm = WIRE_DOOR_PWM,
    .forward_pin = WIRE_DOOR_FORWARD, .backward_pin = WIRE_DOOR_BACKWARD,
    .back_end_pin = WIRE_DOOR_CLOSED, .front_end_pin = WIRE_DOOR_OPEN,
    .encoder_timer = WIRE_DOOR_TIMER, .encoder_pins = {WIRE_DOOR_ENCODER_A, WIRE_DOOR_ENCODER_B}, .encoder_function = 3,
    .counts_a_unit = 20.0f, .travel = 400.0f,
    .current_pin = WIRE_DOOR_CURRENT, .current_adc = WIRE_CURRENT_ADC, .amperes_at_full = 6.6f, .most_amperes = 1.5f,
    .least_percent = 20.0f, .rise_ms = 300,
};
static struct motor_state door_state;

static const struct sht31 climate = {.bus = WIRE_BUS, .address = WIRE_SHT31, .every_ms = 1000};
static struct sht31_state climate_state;

static const struct bme280 box = {.bus = WIRE_BUS, .address = WIRE_BME280, .every_ms = 1000};
static struct bme280_state box_state;

static const struct hx711 scale = {.dout_pin = WIRE_SCALE_DOUT, .sck_pin = WIRE_SCALE_SCK, .input = HX711_A_128};
static struct hx711_state scale_state;

static const struct digital_in button = {
    .pin = WIRE_BUTTON, .pull = GPIO_PULL_UP, .active_low = true, .debounce_ms = 20};
static struct digital_in_state button_state;

static const struct digital_in doorway = {
    .pin = WIRE_DOORWAY, .pull = GPIO_PULL_UP, .active_low = true, .debounce_ms = 20};
static struct digital_in_state doorway_state;

static const struct digital_out green = {.pin = WIRE_GREEN};
static struct digital_out_state green_state;

static const struct digital_out heater = {.pin = WIRE_HEATER};
static struct digital_out_state heater_state;

static const struct analog_in light = {.pin = WIRE_LIGHT, .adc = WIRE_LIGHT_ADC, .at_zero = 0.0f, .at_full = 3.3f};
static struct analog_in_state light_state;

#define CAN_HURT (LINK_FLAG_ARM | LINK_FLAG_RAMP)

/* id, label, kind, unit, min, max, step, safe, max_ms, flags, tick_ms, parts, state. An id stays its channel's for
 * ever. */
const struct channel board_channels[] = {
    {1, "lamp", &led_kind, "%", 0, 100, 0.1f, 0, 0, LINK_FLAG_RAMP, 20, &lamp, &lamp_state},
    {2, "fan", &led_kind, "%", 0, 100, 0.1f, 0, 0, LINK_FLAG_RAMP, 20, &fan, &fan_state},
    {3, "latch", &servo_kind, "deg", 0, 180, 0.1f, 90, 0, LINK_FLAG_RAMP, 20, &latch, &latch_state},
    {4, "rotor", &esc_kind, "%", 0, 100, 0.1f, 0, 600000, CAN_HURT, 20, &rotor, &rotor_state},
    {5, "door", &motor_kind, "%", -100, 100, 1, 0, 20000, CAN_HURT, 5, &door, &door_state},
    {6, "door position", &motor_position_kind, "mm", 0, 400, 0.05f, 0, 0, 0, 50, &door, &door_state},
    {7, "door current", &motor_current_kind, "A", 0, 6.6f, 0.002f, 0, 0, 0, 50, &door, &door_state},
    {8, "temperature", &sht31_temperature_kind, "Cel", -40, 125, 0.01f, 0, 0, 0, 20, &climate, &climate_state},
    {9, "humidity", &sht31_humidity_kind, "%", 0, 100, 0.01f, 0, 0, 0, 20, &climate, &climate_state},
    {10, "board temperature", &bme280_temperature_kind, "Cel", -40, 85, 0.01f, 0, 0, 0, 20, &box, &box_state},
    {11, "air pressure", &bme280_pressure_kind, "hPa", 300, 1100, 0.01f, 0, 0, 0, 20, &box, &box_state},
    {12, "scale", &hx711_kind, "g", -5000, 5000, 0.1f, 0, 0, LINK_FLAG_CALIBRATE, 10, &scale, &scale_state},
    {13, "button", &digital_in_kind, "", 0, 1, 1, 0, 0, 0, 5, &button, &button_state},
    {14, "green LED", &digital_out_kind, "", 0, 1, 1, 0, 0, 0, 100, &green, &green_state},
    {15, "light", &analog_in_kind, "V", 0, 3.3f, 0.001f, 0, 0, 0, 20, &light, &light_state},
    {16, "heater", &digital_out_kind, "", 0, 1, 1, 0, 1800000, LINK_FLAG_ARM, 100, &heater, &heater_state},
    {17, "doorway", &digital_in_kind, "", 0, 1, 1, 0, 0, 0, 5, &doorway, &doorway_state},
    {18, "board humidity", &bme280_humidity_kind, "%", 0, 100, 0.01f, 0, 0, 0, 20, &box, &box_state},
};
const uint8_t board_channel_count = sizeof board_channels / sizeof board_channels[0];
