/* Bosch BME280: temperature, pressure and humidity over I2C. */
#ifndef BME280_H
#define BME280_H

#include "../src/channel.h"
#include "misses.h"

struct bme280 {
    uint8_t bus;       /* 1-3, started by board_start */
    uint8_t address;   /* 0x76, or 0x77 with SDO at the supply */
    uint16_t every_ms; /* 50 at the least */
};

/* What the maker measured on this very part (data sheet, table 16). */
struct bme280_trim {
    uint16_t t1, p1;
    int16_t t2, t3, p2, p3, p4, p5, p6, p7, p8, p9, h2, h4, h5;
    uint8_t h1, h3;
    int8_t h6;
};

enum bme280_step { BME280_ABSENT, BME280_RESTING, BME280_CONVERTING };

/* Shared by the channels of the three quantities; whichever is ticked moves it on. */
struct bme280_state {
    enum bme280_step step;
    uint32_t since_ms;
    struct bme280_trim trim;
    float celsius, percent, hectopascal;
    struct misses misses;
};

extern const struct channel_kind bme280_temperature_kind;
extern const struct channel_kind bme280_humidity_kind;
extern const struct channel_kind bme280_pressure_kind;

/* The data sheet's formulas, apart from the bus. `fine` is the temperature as the other two want it. */
double bme280_fine(const struct bme280_trim *trim, uint32_t raw);
float bme280_celsius(double fine);
float bme280_hectopascal(const struct bme280_trim *trim, double fine, uint32_t raw);
float bme280_percent(const struct bme280_trim *trim, double fine, uint32_t raw);

#endif
