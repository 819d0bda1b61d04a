/* Sensirion SHT31: temperature and humidity over I2C. */
#ifndef SHT31_H
#define SHT31_H

#include "../src/channel.h"
#include "misses.h"

struct sht31 {
    uint8_t bus;       /* 1-3, started by board_start */
    uint8_t address;   /* 0x44, or 0x45 with ADDR at the supply */
    uint16_t every_ms; /* 20 at the least; below 1000 it warms itself */
};

/* Shared by the channels of both quantities; whichever is ticked moves it on. */
struct sht31_state {
    bool converting;
    uint32_t since_ms; /* of the conversion's begin */
    float celsius, percent;
    struct misses misses;
};

extern const struct channel_kind sht31_temperature_kind;
extern const struct channel_kind sht31_humidity_kind;

#endif
