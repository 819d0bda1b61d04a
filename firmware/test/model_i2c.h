/*
 * I2C1 (RM0390, chapter 24) with one part on its bus, and the bus's two lines at PB8 and PB9. Strict: an order of
 * accesses that the manual does not allow fails the test, and it is counted what the part saw.
 */
#ifndef MODEL_I2C_H
#define MODEL_I2C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum i2c_trouble {
    I2C_WELL,
    I2C_NO_START,       /* the start never comes out */
    I2C_SILENT_ADDRESS, /* the address is never answered, neither yes nor no: SCL is held down */
    I2C_SILENT_DATA,    /* the same after the address */
    I2C_LOST_LINE,      /* somebody else pulls at SDA */
    I2C_BUS_ERROR,
};

extern struct i2c_model {
    /* How it behaves. */
    uint8_t address;
    enum i2c_trouble trouble;
    size_t takes;       /* bytes that the part takes before it refuses */
    unsigned held_for;  /* clocks for which the part holds SDA down; UINT_MAX: for ever */
    bool scl_shorted;
    uint8_t gives[16];
    /* What the part saw. */
    uint8_t got[16];
    size_t got_count, given_count;
    bool last_refused; /* the last byte it gave was not acknowledged, as it must be */
    unsigned starts, stops, resets, clocks;
} i2c_model;

void i2c_model_attach(void);

#endif
