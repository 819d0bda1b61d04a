/*
 * A channel: one quantity that the board measures or drives. The board's table (board/.../board.c) has one row a channel; a
 * kind of peripheral is one file in peripherals/ with one `struct channel_kind`.
 *
 * What is the same for all is written once: in channels.c their rhythm and their faults, in drive.c ranges, ramps, arming and the longest
 * time away from the safe value, in watch.c samples with their rhythm and deadband, in limits.c the settings that are kept.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <stdbool.h>
#include <stdint.h>

struct channel;

/* What a read came to. */
struct reading {
    float value;   /* NAN while there is none yet (the first conversion is not over): a sample without value and without fault */
    uint8_t fault; /* 0, or LINK_FAULT_...; channels.c tells the events fault and fault-over by its changes */
};

struct channel_kind {
    const char *name; /* as in packages/stm32-link/src/messages.ts, kinds */
    /* Sets pins and timers; a driven one at its safe value from its first moment on. Called once a channel, after board_start. */
    void (*start)(const struct channel *channel);
    /* Called every `tick_ms` of the channel; a part that takes long (a conversion) goes one step at a time and never waits. May be null. */
    void (*tick)(const struct channel *channel, uint32_t now_ms);
    /* The latest value; for a driven one where it stands. */
    struct reading (*read)(const struct channel *channel);
    /* Drives it; null for what is only read. The safe value is taken at once and never refused. Returns 0, or LINK_REFUSAL_... */
    uint8_t (*drive)(const struct channel *channel, float value);
    /* What the setting `zero` or `scale` comes to by what is measured now: a number of the part's own, in `kept`. Nothing is changed
     * yet: it is kept in flash first and then given to `restore`. Null when it is not calibrated. Returns 0, or LINK_REFUSAL_... */
    uint8_t (*calibrate)(const struct channel *channel, uint8_t setting, float value, float *kept);
    /* From now on that number holds (after the start, and after calibrate); null: what the firmware was built with. */
    void (*restore)(const struct channel *channel, uint8_t setting, const float *kept);
};

/* One row of the board's table; constant, in flash. */
struct channel {
    uint8_t id;
    const char *label;
    const struct channel_kind *kind;
    const char *unit;
    float min, max, step, safe;
    uint32_t max_ms;  /* 0: no limit */
    uint8_t flags;    /* LINK_FLAG_... */
    uint16_t tick_ms; /* how often `tick` and the look at `read` come */
    const void *parts; /* pins and timers, as the kind wants them: struct led, struct servo, ... */
    void *state;       /* the kind's own, in RAM */
};

/* What a kind tells from its tick or drive. */
/* Something happened: LINK_EVENT_..., with what the channel stood at. */
void channel_event(const struct channel *channel, uint8_t event, float value);
/* The part stopped of itself and stands at its safe value: whatever drove it (a ramp, forMs) has ended. Does not call `drive`. */
void channel_stopped(const struct channel *channel);

/* The board's own: what several channels share (I2C buses, the ADC), before any channel is started. */
void board_start(void);
extern const struct channel board_channels[];
extern const uint8_t board_channel_count;
extern const char board_name[];

#endif
