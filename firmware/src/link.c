/*
 * Takes frames and answers each. One question is under way at a time; when its answer was lost the host asks again under the same number, and
 * is answered again without anything being done twice: the last answer is kept as it went out.
 */
#include "link.h"

#include "../drivers/clock.h"
#include "../drivers/system.h"
#include "../drivers/uart.h"
#include "commands.h"
#include "frame.h"
#include "session.h"

#define FROM_BOARD 0x80u      /* bit of the types that the board sends */
#define BYTES_A_TURN 256u     /* so that a flood does not starve the other tasks */
#define LAST_WORDS_MS 100u    /* a reset waits no longer than this for its ACK to go out */

static struct deframer deframer;
static uint8_t seq;
static uint32_t tx_drops;
static struct {
    uint8_t to; /* the question's seq; 0: none */
    uint8_t line[FRAME_MOST_LINE];
    size_t length;
} answered;
static struct {
    bool wanted, into_loader;
    uint32_t since_ms;
} reboot;

void link_start(void)
{
    deframer = (struct deframer){0};
    seq = 0;
    tx_drops = 0;
    answered.to = 0;
    reboot.wanted = false;
    session_start();
}

static size_t next_frame(uint8_t *line, uint8_t type, uint8_t ack, const uint8_t *body, size_t length)
{
    seq = seq == UINT8_MAX ? 1 : (uint8_t)(seq + 1);
    return frame_encode(line, &(struct frame){.type = type, .seq = seq, .ack = ack, .body = body, .length = length});
}

static void send(const uint8_t *line, size_t length)
{
    if (!uart_write(line, length))
        tx_drops++;
}

void link_tell(uint8_t type, const uint8_t *body, size_t length)
{
    uint8_t line[FRAME_MOST_LINE];

    send(line, next_frame(line, type, 0, body, length));
}

static void take(const struct frame *frame, uint32_t now_ms)
{
    /* A board hears its own words where a line is looped back; answering them would never end. */
    if (frame->type >= FROM_BOARD || frame->seq == 0 || reboot.wanted)
        return;
    session_heard(now_ms);
    if (frame->type == LINK_HELLO_REQ)
        answered.to = 0; /* a new session counts anew */
    if (frame->seq != answered.to) {
        struct reply reply;

        command_do(frame, &reply, now_ms);
        answered.length = next_frame(answered.line, reply.type, frame->seq, reply.body, reply.length);
        /* Without a session nothing is done that could be done twice. */
        answered.to = session_open() && frame->type != LINK_HELLO_REQ ? frame->seq : 0;
    }
    send(answered.line, answered.length);
}

void link_turn(uint32_t now_ms)
{
    uint8_t bytes[64];
    size_t taken = 0, length;
    struct frame frame;

    while (taken < BYTES_A_TURN && (length = uart_read(bytes, sizeof bytes)) > 0) {
        for (size_t i = 0; i < length; i++) {
            if (deframer_take(&deframer, bytes[i], &frame))
                take(&frame, now_ms);
        }
        taken += length;
    }
    if (reboot.wanted && (uart_idle() || now_ms - reboot.since_ms >= LAST_WORDS_MS))
        system_reset(reboot.into_loader);
}

void link_reboot(bool into_loader)
{
    reboot.wanted = true;
    reboot.into_loader = into_loader;
    reboot.since_ms = clock_ms();
}

struct link_figures link_figures(void)
{
    return (struct link_figures){.damaged = deframer.damaged, .tx_drops = tx_drops};
}
