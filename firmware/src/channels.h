/* All of the board's channels, as the link sees them; what is the same for every kind. An `index` is a place in the board's table. */
#ifndef CHANNELS_H
#define CHANNELS_H

#include <stdbool.h>
#include <stdint.h>

#include "channel.h"
#include "settings.h"

#define CHANNELS_MOST 24u
#define CHANNEL_NAME_MOST 24u
#define CHANNEL_NONE UINT8_MAX

/* What holds for a channel now: the board's table, narrowed by what is kept in flash. */
struct channel_limits {
    char name[CHANNEL_NAME_MOST + 1];
    float min, max;
    uint32_t max_ms;
};

/* channels.c */
/* Everything at its safe value. False: kept settings were damaged. */
bool channels_start(uint32_t now_ms);
void channels_tick(uint32_t now_ms); /* every millisecond */
uint8_t channels_find(uint8_t id);   /* the index, or CHANNEL_NONE */
struct reading channel_read(uint8_t index);

/* drive.c. What returns uint8_t returns 0, or LINK_REFUSAL_... and then has changed nothing. */
void drive_start(void);
/* `for_ms` may be null: as long as the channel's own limit allows. */
uint8_t drive_set(uint8_t index, float value, uint32_t ramp_ms, const uint32_t *for_ms, uint32_t now_ms);
void drive_tick(uint8_t index, uint32_t now_ms);
/* Every output to its safe value at once; nothing is armed any more. */
void drive_all_safe(void);
/* Being disarmed takes what can hurt to its safe value; ended only by a new session (drive_forget_arming) it stays as it is. */
void drive_arm(bool armed);
void drive_forget_arming(void);
bool drive_armed(void);
/* Whether all that can hurt stands at its safe value. */
bool drive_at_rest(void);

/* watch.c */
void watch_start(void);
void watch_set(uint8_t index, uint32_t every_ms, float deadband);
/* `look`: the channel has just been read anew, so that a change may be told. */
void watch_tick(uint8_t index, struct reading reading, bool look, uint32_t now_ms);
/* The number of the channel's next sample. */
uint16_t watch_count(uint8_t index);

/* limits.c */
void limits_start(uint8_t index);
const struct channel_limits *limits_of(uint8_t index);
uint8_t limits_change(uint8_t index, uint8_t setting, const struct setting *value);

#endif
