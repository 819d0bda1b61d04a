/* A board of four channels and a line to the host, all of it in memory: for the tests of what lies above the drivers. */
#ifndef FAKE_HUB_H
#define FAKE_HUB_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../src/cbor.h"
#include "../src/channel.h"

/* Lamp 10 takes ramps; motor 20 can hurt, is limited to 5 s and can be blocked; scale 30 is read and calibrated; switch 40 takes no
 * ramp. By their place: */
enum { LAMP, MOTOR, SCALE, SWITCH, FAKE_CHANNELS };

struct fake_part {
    float value;       /* where it stands or what it measures */
    uint8_t fault;     /* its read says */
    uint8_t refusal;   /* its drive and calibrate say */
    unsigned driven;   /* how often its drive was called */
    float kept[7];     /* by setting, what restore was given; NAN: what the firmware was built with */
};

extern struct fake_part fake_parts[FAKE_CHANNELS];
extern uint32_t fake_now_ms;
extern bool fake_line_full, fake_line_busy;
extern uint16_t fake_supply_mv;
extern bool fake_reset_into_loader;
extern jmp_buf fake_reset; /* system_reset goes there */
extern unsigned fake_fed;

/* Everything as after power on, with empty flash. */
void fake_hub_start(void);
/* What the board will read from its line. */
void fake_line_in(const uint8_t *bytes, size_t length);

/* A message that the board has sent. Its fields point into it. */
struct heard {
    uint8_t type, seq, ack;
    uint8_t body[256];
    size_t length;
    struct cbor_value fields[16];
};
/* The next one that was not yet heard; null when there is none. */
const struct heard *hear(void);
/* The next one of this type, whatever came before it. */
const struct heard *hear_type(uint8_t type);
void hear_nothing_more(void);

#endif
