/* What the owner may change of a channel and the flash keeps: its name, tighter limits, and what a calibration came to. */
#include <string.h>

#include "../gen/link_messages.h"
#include "channels.h"
#include "utf8.h"

static struct channel_limits limits[CHANNELS_MOST];

const struct channel_limits *limits_of(uint8_t index) { return &limits[index]; }

static void take_name(uint8_t index, const char *name)
{
    const size_t length = utf8_length(name, CHANNEL_NAME_MOST);

    memset(limits[index].name, 0, sizeof limits[index].name);
    memcpy(limits[index].name, name, length);
}

/* Whether the firmware itself allows this much; the safe value stays within the range. */
static bool allowed(const struct channel *channel, uint8_t setting, float value)
{
    switch (setting) {
    case LINK_SETTING_MIN:
        return value >= channel->min && value <= channel->safe;
    case LINK_SETTING_MAX:
        return value >= channel->safe && value <= channel->max;
    default:
        return value >= (channel->max_ms == 0 ? 0.0f : 1.0f) && value < (float)UINT32_MAX &&
               (channel->max_ms == 0 || value <= (float)channel->max_ms);
    }
}

/* From now on this holds, where it makes sense: a newer firmware may have another range than the one that kept it. */
static void take(uint8_t index, uint8_t setting, const struct setting *value)
{
    const struct channel *channel = &board_channels[index];
    const bool number = value->kind == SETTING_NUMBER && allowed(channel, setting, value->number);

    if (setting == LINK_SETTING_NAME)
        take_name(index, value->kind == SETTING_TEXT ? value->text : channel->label);
    else if (setting == LINK_SETTING_MIN)
        limits[index].min = number ? value->number : channel->min;
    else if (setting == LINK_SETTING_MAX)
        limits[index].max = number ? value->number : channel->max;
    else if (setting == LINK_SETTING_MAX_MS)
        limits[index].max_ms = number ? (uint32_t)value->number : channel->max_ms;
    else if (channel->kind->restore != NULL)
        channel->kind->restore(channel, setting, value->kind == SETTING_NUMBER ? &value->number : NULL);
}

void limits_start(uint8_t index)
{
    for (uint8_t setting = LINK_SETTING_NAME; setting <= LINK_SETTING_SCALE; setting++) {
        struct setting kept;

        settings_get(board_channels[index].id, setting, &kept);
        take(index, setting, &kept);
    }
}

/* Whether it may be so, and what is to be kept then. */
static uint8_t judge(uint8_t index, uint8_t setting, const struct setting *value, struct setting *kept)
{
    const struct channel *channel = &board_channels[index];
    const bool calibration = setting == LINK_SETTING_ZERO || setting == LINK_SETTING_SCALE;

    *kept = *value;
    if (setting < LINK_SETTING_NAME || setting > LINK_SETTING_SCALE || (calibration && channel->kind->calibrate == NULL))
        return LINK_REFUSAL_UNKNOWN_SETTING;
    if (value->kind == SETTING_NONE)
        return 0;
    if ((value->kind == SETTING_TEXT) != (setting == LINK_SETTING_NAME))
        return LINK_REFUSAL_MALFORMED;
    if (setting == LINK_SETTING_NAME)
        return value->text[0] == 0 ? LINK_REFUSAL_MALFORMED : 0;
    if (calibration)
        return channel->kind->calibrate(channel, setting, value->number, &kept->number);
    return allowed(channel, setting, value->number) ? 0 : LINK_REFUSAL_OUT_OF_RANGE;
}

uint8_t limits_change(uint8_t index, uint8_t setting, const struct setting *value)
{
    struct setting kept;
    const uint8_t refusal = judge(index, setting, value, &kept);

    if (refusal != 0)
        return refusal;
    /* Erasing stops the processor (drivers/flash.c), and so whatever would stop a motor at an obstacle. */
    if (!drive_at_rest())
        return LINK_REFUSAL_MOVING;
    if (!settings_put(board_channels[index].id, setting, &kept))
        return LINK_REFUSAL_NOT_STORED;
    take(index, setting, &kept);
    return 0;
}
