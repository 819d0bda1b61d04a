/* Drivers, flash and channels in memory. The clock stands still unless a test moves it on. */
#include "fake_hub.h"

#include <math.h>
#include <string.h>

#include "../drivers/adc.h"
#include "../drivers/clock.h"
#include "../drivers/system.h"
#include "../drivers/uart.h"
#include "../gen/link_messages.h"
#include "../src/frame.h"
#include "model_flash_power.h"

struct fake_part fake_parts[FAKE_CHANNELS];
uint32_t fake_now_ms;
bool fake_line_full, fake_line_busy, fake_reset_into_loader;
uint16_t fake_supply_mv;
jmp_buf fake_reset;
unsigned fake_fed;

static uint8_t in[65536], out[65536];
static size_t in_length, in_read, out_length, out_heard;

/* --- Channels --- */
static struct fake_part *part(const struct channel *channel) { return channel->state; }

static void start(const struct channel *channel)
{
    part(channel)->value = channel->kind->drive != NULL ? channel->safe : NAN;
}

static struct reading read_part(const struct channel *channel)
{
    return (struct reading){.value = part(channel)->value, .fault = part(channel)->fault};
}

static uint8_t drive(const struct channel *channel, float value)
{
    if (part(channel)->refusal != 0 && value != channel->safe)
        return part(channel)->refusal;
    part(channel)->driven++;
    part(channel)->value = value;
    return 0;
}

static uint8_t calibrate(const struct channel *channel, uint8_t setting, float value, float *kept)
{
    *kept = setting == LINK_SETTING_ZERO ? part(channel)->value : value * 2;
    return part(channel)->refusal;
}

static void restore(const struct channel *channel, uint8_t setting, const float *kept)
{
    part(channel)->kept[setting] = kept != NULL ? *kept : NAN;
}

static const struct channel_kind led = {.name = "led", .start = start, .read = read_part, .drive = drive};
static const struct channel_kind motor = {.name = "motor", .start = start, .read = read_part, .drive = drive};
static const struct channel_kind weight = {
    .name = "weight", .start = start, .read = read_part, .calibrate = calibrate, .restore = restore};

const char board_name[] = "fake";
const struct channel board_channels[] = {
    {.id = 10, .label = "Lamp", .kind = &led, .unit = "%", .max = 100, .step = 1, .flags = LINK_FLAG_RAMP, .tick_ms = 10,
     .state = &fake_parts[LAMP]},
    {.id = 20, .label = "Motor", .kind = &motor, .unit = "%", .min = -100, .max = 100, .step = 1, .max_ms = 5000,
     .flags = LINK_FLAG_ARM | LINK_FLAG_RAMP, .tick_ms = 1, .state = &fake_parts[MOTOR]},
    {.id = 30, .label = "Scale", .kind = &weight, .unit = "kg", .min = -1, .max = 50, .step = 0.001f,
     .flags = LINK_FLAG_CALIBRATE, .tick_ms = 100, .state = &fake_parts[SCALE]},
    {.id = 40, .label = "Switch", .kind = &led, .unit = "", .max = 1, .step = 1, .state = &fake_parts[SWITCH]},
};
const uint8_t board_channel_count = FAKE_CHANNELS;
void board_start(void) {}

/* --- Drivers --- */
uint32_t clock_ms(void) { return fake_now_ms; }
uint32_t clock_us(void) { return fake_now_ms * 1000u; }
uint16_t adc_supply_mv(void) { return fake_supply_mv; }
uint8_t system_reset_cause(void) { return LINK_RESET_POWER; }
size_t system_stack_free(void) { return 1234; }
void watchdog_start(uint32_t timeout_ms) { (void)timeout_ms; }
void watchdog_feed(void) { fake_fed++; }

bool system_uid(uint8_t uid[12])
{
    memset(uid, 0xab, 12);
    return true;
}

void system_reset(bool into_loader)
{
    fake_reset_into_loader = into_loader;
    longjmp(fake_reset, 1);
}

void uart_start(uint32_t baud) { (void)baud; }
bool uart_idle(void) { return !fake_line_busy; }
uint32_t uart_rx_drops(void) { return 3; }

size_t uart_read(uint8_t *to, size_t most)
{
    const size_t left = in_length - in_read, length = left < most ? left : most;

    memcpy(to, in + in_read, length);
    in_read += length;
    return length;
}

bool uart_write(const uint8_t *from, size_t length)
{
    if (fake_line_full || length > sizeof out - out_length)
        return false;
    memcpy(out + out_length, from, length);
    out_length += length;
    return true;
}

/* --- The test's side --- */
void fake_hub_start(void)
{
    memset(fake_parts, 0, sizeof fake_parts);
    fake_now_ms = 1000;
    fake_line_full = fake_line_busy = fake_reset_into_loader = false;
    fake_supply_mv = 3300;
    fake_fed = 0;
    in_length = in_read = out_length = out_heard = 0;
    flash_model_erase_all();
}

void fake_line_in(const uint8_t *bytes, size_t length)
{
    if (in_read == in_length)
        in_read = in_length = 0;
    memcpy(in + in_length, bytes, length);
    in_length += length;
}

const struct heard *hear(void)
{
    static struct deframer deframer;
    static struct heard heard;
    struct frame frame;

    while (out_heard < out_length) {
        if (!deframer_take(&deframer, out[out_heard++], &frame))
            continue;
        heard = (struct heard){.type = frame.type, .seq = frame.seq, .ack = frame.ack, .length = frame.length};
        memcpy(heard.body, frame.body, frame.length);
        return cbor_read(heard.body, heard.length, heard.fields, 16) ? &heard : NULL;
    }
    return NULL;
}

const struct heard *hear_type(uint8_t type)
{
    const struct heard *heard = hear();

    while (heard != NULL && heard->type != type)
        heard = hear();
    return heard;
}

void hear_nothing_more(void) { out_heard = out_length; }
