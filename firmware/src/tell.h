/* What the board says, as bodies of messages. */
#ifndef TELL_H
#define TELL_H

#include <stdint.h>

#include "cbor.h"
#include "channel.h"

#define TELL_NO_CHANNEL UINT8_MAX

/* Unasked: sent at once, or counted as lost. */
void tell_hello(void);
void tell_sample(uint8_t index, struct reading reading);
/* `index` may be TELL_NO_CHANNEL, `value` NAN: left out. */
void tell_event(uint8_t event, uint8_t index, float value);
void tell_heartbeat(uint16_t supply_mv);

/* The bodies of what is also an answer. */
void body_of_hello(struct cbor_writer *writer);
void body_of_desc(struct cbor_writer *writer, uint8_t index);
void body_of_sample(struct cbor_writer *writer, uint8_t index, struct reading reading);

#endif
