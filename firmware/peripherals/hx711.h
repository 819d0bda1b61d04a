/* A load cell through an HX711, a 24-bit converter with a two-wire line of its own. */
#ifndef HX711_H
#define HX711_H

#include "../src/channel.h"

/* Pulses a read: the input and the gain of the next conversion. */
enum hx711_input { HX711_A_128 = 25, HX711_B_32 = 26, HX711_A_64 = 27 };

#define HX711_MEAN 4u /* readings that a value is the mean of */

struct hx711 {
    uint8_t dout_pin;
    uint8_t sck_pin;
    enum hx711_input input;
};

struct hx711_state {
    int32_t recent[HX711_MEAN];
    uint8_t count; /* of them that are there */
    uint8_t next;
    uint8_t fault;
    uint32_t last_ms; /* of the last reading */
    float zero;       /* counts without a load */
    float scale;      /* counts a unit; 0: never told */
};

extern const struct channel_kind hx711_kind;

#endif
