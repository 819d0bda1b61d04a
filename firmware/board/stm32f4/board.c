/*
 * What hangs on a Nucleo-F446RE: one row a channel, one struct of pins a part. The pins' functions are in the F446's
 * data sheet (table 11); the Arduino name of the pin stands behind it.
 *
 *   TIM1 20 kHz     the bridge's enable PA8 (D7); its IN1 PA9 (D8), IN2 PA10 (D2)
 *   TIM2            the clock
 *   TIM3 50 Hz      servo PB4 (D5), ESC PB5 (D4)
 *   TIM4 1 kHz      lamp PB6 (D10), fan PB7
 *   TIM8            encoder PC6, PC7 (D9)
 *   end switches    PB10 (D6) at the back, PA7 (D11) at the front
 *   ADC1            the motor's current PA0 (A0), light PA1 (A1)
 *   I2C1            SCL PB8 (D15), SDA PB9 (D14)
 *   HX711           DOUT PA6 (D12), SCK PA4 (A2)
 *   on the board    green LED PA5 (D13), button PC13, line to the host PA2, PA3, debugger PA13, PA14
 *
 * What is not wired says so by its fault and disturbs nothing else.
 */
#include "../../drivers/adc.h"
#include "../../drivers/gpio.h"
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

const char board_name[] = "nucleo-f446re";

void board_start(void)
{
    adc_start();
    i2c_start(1, PIN(B, 8), PIN(B, 9), 4);
}

static const struct led lamp = {PIN(B, 6), 2, {4, 1}};
static struct led_state lamp_state;

static const struct led fan = {PIN(B, 7), 2, {4, 2}};
static struct led_state fan_state;

static const struct servo latch = {PIN(B, 4), 2, {3, 1}, 500, 2500};
static struct servo_state latch_state;

static const struct esc rotor = {PIN(B, 5), 2, {3, 2}, 1000, 2000, 2000};
static struct esc_state rotor_state;

static const struct motor door = {
    .pwm_pin = PIN(A, 8), .pwm_function = 1, .pwm = {1, 1},
    .forward_pin = PIN(A, 9), .backward_pin = PIN(A, 10),
    .back_end_pin = PIN(B, 10), .front_end_pin = PIN(A, 7),
    .encoder_timer = 8, .encoder_pins = {PIN(C, 6), PIN(C, 7)}, .encoder_function = 3,
    .counts_a_unit = 20.0f, .travel = 400.0f,
    .current_pin = PIN(A, 0), .current_adc = 0, .amperes_at_full = 6.6f, .most_amperes = 1.5f,
    .least_percent = 20.0f, .rise_ms = 300,
};
static struct motor_state door_state;

static const struct sht31 climate = {1, 0x44, 1000};
static struct sht31_state climate_state;

static const struct bme280 weather = {1, 0x76, 1000};
static struct bme280_state weather_state;

static const struct hx711 scale = {PIN(A, 6), PIN(A, 4), HX711_A_128};
static struct hx711_state scale_state;

static const struct digital_in button = {PIN(C, 13), GPIO_PULL_UP, true, 20};
static struct digital_in_state button_state;

static const struct digital_out green = {PIN(A, 5), false};
static struct digital_out_state green_state;

static const struct analog_in light = {PIN(A, 1), 1, 0.0f, 3.3f, false};
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
    {10, "board temperature", &bme280_temperature_kind, "Cel", -40, 85, 0.01f, 0, 0, 0, 20, &weather, &weather_state},
    {11, "air pressure", &bme280_pressure_kind, "hPa", 300, 1100, 0.01f, 0, 0, 0, 20, &weather, &weather_state},
    {12, "scale", &hx711_kind, "g", -5000, 5000, 0.1f, 0, 0, LINK_FLAG_CALIBRATE, 10, &scale, &scale_state},
    {13, "button", &digital_in_kind, "", 0, 1, 1, 0, 0, 0, 5, &button, &button_state},
    {14, "green LED", &digital_out_kind, "", 0, 1, 1, 0, 0, 0, 100, &green, &green_state},
    {15, "light", &analog_in_kind, "V", 0, 3.3f, 0.001f, 0, 0, 0, 20, &light, &light_state},
};
const uint8_t board_channel_count = sizeof board_channels / sizeof board_channels[0];
