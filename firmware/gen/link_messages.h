/* Messages between host and board. Made from packages/stm32-link/src/messages.ts by `npm run generate`; a change belongs there. */
#ifndef LINK_MESSAGES_H
#define LINK_MESSAGES_H

#define LINK_MAJOR 1u
#define LINK_MINOR 0u
#define LINK_FRAME_VERSION 1u
#define LINK_MOST_BODY 240u

/* helloReq, from the host. Opens a session, answered with HELLO. Outputs stay as they are; whatever was armed is not any more. */
#define LINK_HELLO_REQ 0x01u
#define LINK_HELLO_REQ_MAJOR 1u /* u8: of the protocol that the host speaks; another major one is refused */
#define LINK_HELLO_REQ_MINOR 2u /* u8: of the protocol that the host speaks */
#define LINK_HELLO_REQ_BOOT_ID 3u /* bytes: 8 random bytes; the first one after a reset is the board's boot id until its next reset */
#define LINK_HELLO_REQ_BOOT_ID_MOST 8u
#define LINK_HELLO_REQ_HOST_LOSS_MS 4u /* u16: after so long without a frame from the host the board makes itself safe, ms, 500-60000 */

/* descReq, from the host. Asks for one channel's description, answered with DESC. */
#define LINK_DESC_REQ 0x02u
#define LINK_DESC_REQ_INDEX 1u /* u8: from 0 to the number of channels - 1 */

/* set, from the host. Drives a channel to a value. Absolute, so that a repetition does no harm. */
#define LINK_SET 0x03u
#define LINK_SET_CHANNEL 1u /* u8: its id */
#define LINK_SET_VALUE 2u /* number: in the channel's unit */
#define LINK_SET_RAMP_MS 3u /* optional u32: to get there in so long, evenly; left out: at once */
#define LINK_SET_FOR_MS 4u /* optional u32: after so long the channel goes to its safe value; the channel's own limit holds in any case */

/* ping, from the host. A sign of life, answered with ACK. */
#define LINK_PING 0x04u

/* arm, from the host. Allows what can hurt (channels with the flag arm) to leave its safe value, or ends that. Ended by HELLO_REQ, SAFE, loss of the host and a reset too. */
#define LINK_ARM 0x05u
#define LINK_ARM_ARMED 1u /* flag: true allows it */

/* safe, from the host. Every output goes to its safe value at once, and nothing is armed any more. */
#define LINK_SAFE 0x06u

/* reboot, from the host. After its ACK the board makes itself safe and resets. */
#define LINK_REBOOT 0x07u
#define LINK_REBOOT_LOADER 1u /* flag: true: into the maker's boot loader, to take a new firmware */

/* watch, from the host. How often a channel tells its value. Holds until the board's next reset. */
#define LINK_WATCH 0x08u
#define LINK_WATCH_CHANNEL 1u /* u8: its id */
#define LINK_WATCH_EVERY_MS 2u /* u32: a SAMPLE so often, ms; 0: only when it has changed */
#define LINK_WATCH_DEADBAND 3u /* number: what differs less from the value last told is not told before everyMs is over; 0: every change */

/* read, from the host. Asks for a channel's value now, answered with SAMPLE. */
#define LINK_READ 0x09u
#define LINK_READ_CHANNEL 1u /* u8: its id */

/* setting, from the host. Changes what the board keeps over a loss of power. Without value and text it goes back to what the firmware was built with. */
#define LINK_SETTING 0x0au
#define LINK_SETTING_CHANNEL 1u /* u8: its id */
#define LINK_SETTING_SETTING 2u /* u8: which (see settings) */
#define LINK_SETTING_VALUE 3u /* optional number: of a setting that is a number */
#define LINK_SETTING_TEXT 4u /* optional text: of a setting that is a text, UTF-8 */
#define LINK_SETTING_TEXT_MOST 24u

/* hello, from the board. Who the board is: to HELLO_REQ, and unasked (ack 0) after a reset. */
#define LINK_HELLO 0x81u
#define LINK_HELLO_MAJOR 1u /* u8: of the protocol that the board speaks */
#define LINK_HELLO_MINOR 2u /* u8: of the protocol that the board speaks */
#define LINK_HELLO_FIRMWARE 3u /* text: version of the firmware, as in 1.4.0 */
#define LINK_HELLO_FIRMWARE_MOST 24u
#define LINK_HELLO_BOARD 4u /* text: what the board is, as in nucleo-f446re */
#define LINK_HELLO_BOARD_MOST 24u
#define LINK_HELLO_BOOT_ID 5u /* optional bytes: from the first HELLO_REQ after the reset; left out before that */
#define LINK_HELLO_BOOT_ID_MOST 8u
#define LINK_HELLO_RESET_CAUSE 6u /* u8: why it started (see reset causes) */
#define LINK_HELLO_CHANNELS 7u /* u8: how many there are */
#define LINK_HELLO_DESCRIPTION_CRC 8u /* u32: CRC-32 (ISO-HDLC) over the CBOR of all DESC in order: the same number, the same channels */
#define LINK_HELLO_UID 9u /* optional bytes: the chip's own unique id */
#define LINK_HELLO_UID_MOST 12u

/* desc, from the board. One channel. */
#define LINK_DESC 0x82u
#define LINK_DESC_INDEX 1u /* u8: its place among all */
#define LINK_DESC_CHANNEL 2u /* u8: its id, which stays the same over firmware versions */
#define LINK_DESC_NAME 3u /* text: for people */
#define LINK_DESC_NAME_MOST 24u
#define LINK_DESC_KIND 4u /* text: what it is (see kinds); a host shows one that it does not know as what its unit and range say */
#define LINK_DESC_KIND_MOST 16u
#define LINK_DESC_DIRECTION 5u /* u8: 0 it is read, 1 it is driven */
#define LINK_DESC_UNIT 6u /* text: in UCUM or plain words; empty for on and off */
#define LINK_DESC_UNIT_MOST 8u
#define LINK_DESC_MIN 7u /* number: least value */
#define LINK_DESC_MAX 8u /* number: greatest value */
#define LINK_DESC_STEP 9u /* number: smallest difference that means something */
#define LINK_DESC_SAFE 10u /* number: where a driven one goes when nobody drives it */
#define LINK_DESC_MAX_MS 11u /* u32: longest time away from the safe value after one SET, ms; 0: no limit */
#define LINK_DESC_FLAGS 12u /* u8: sum of the flags (see channel flags) */

/* ack, from the board. Yes, done; the ack byte tells to what. */
#define LINK_ACK 0x83u

/* nak, from the board. No, and nothing was changed; the ack byte tells to what. */
#define LINK_NAK 0x84u
#define LINK_NAK_CODE 1u /* u8: why not (see refusals) */

/* sample, from the board. What a channel measures, or where a driven one stands. */
#define LINK_SAMPLE 0x85u
#define LINK_SAMPLE_CHANNEL 1u /* u8: its id */
#define LINK_SAMPLE_VALUE 2u /* optional number: in the channel's unit; left out while it cannot be had */
#define LINK_SAMPLE_FAULT 3u /* optional u8: why it cannot be had (see faults) */
#define LINK_SAMPLE_COUNTER 4u /* u16: of the channel's samples, those too that found no room: a jump is a gap */
#define LINK_SAMPLE_AT_MS 5u /* u32: board's uptime when it was measured, ms */

/* event, from the board. Something happened. */
#define LINK_EVENT 0x86u
#define LINK_EVENT_EVENT 1u /* u8: what (see events) */
#define LINK_EVENT_CHANNEL 2u /* optional u8: of which channel */
#define LINK_EVENT_VALUE 3u /* optional number: what the channel stood at */
#define LINK_EVENT_COUNTER 4u /* u16: of all events, those too that found no room: a jump is a gap */
#define LINK_EVENT_AT_MS 5u /* u32: board's uptime, ms */

/* heartbeat, from the board. Every 5 s, with how the board fares since the one before. */
#define LINK_HEARTBEAT 0x87u
#define LINK_HEARTBEAT_UPTIME_MS 1u /* u32: since its reset, ms; goes round after 49 days */
#define LINK_HEARTBEAT_LOOP_MAX_US 2u /* u32: longest turn of the scheduler, µs */
#define LINK_HEARTBEAT_LOOP_MEAN_US 3u /* u32: mean turn of the scheduler, µs */
#define LINK_HEARTBEAT_WORST_TASK 4u /* text: the task with the longest single run since the reset */
#define LINK_HEARTBEAT_WORST_TASK_MOST 12u
#define LINK_HEARTBEAT_WORST_TASK_US 5u /* u32: that run, µs */
#define LINK_HEARTBEAT_STACK_FREE 6u /* u32: bytes of stack that were never used */
#define LINK_HEARTBEAT_RX_DROPS 7u /* u32: bytes that came in and found no room, since the reset */
#define LINK_HEARTBEAT_CRC_ERRORS 8u /* u32: frames that were damaged, since the reset */
#define LINK_HEARTBEAT_TX_DROPS 9u /* u32: frames that found no room, since the reset */
#define LINK_HEARTBEAT_SUPPLY_MV 10u /* optional u16: supply voltage, mV, where it can be measured */
#define LINK_HEARTBEAT_ARMED 11u /* flag: whether what can hurt is allowed */

/* Why the board says no. */
#define LINK_REFUSAL_HELLO_FIRST 1u /* no session: HELLO_REQ first; the board was reset */
#define LINK_REFUSAL_UNKNOWN_MESSAGE 2u /* a type that this firmware does not know */
#define LINK_REFUSAL_MALFORMED 3u /* a field is missing, of the wrong kind or too long */
#define LINK_REFUSAL_UNKNOWN_CHANNEL 4u /* no channel has this id */
#define LINK_REFUSAL_NOT_DRIVEN 5u /* the channel is read and cannot be driven */
#define LINK_REFUSAL_OUT_OF_RANGE 6u /* less than min or more than max */
#define LINK_REFUSAL_NOT_ARMED 7u /* the channel can hurt, and ARM was not said */
#define LINK_REFUSAL_BLOCKED 8u /* an end switch or an obstacle forbids this direction */
#define LINK_REFUSAL_FAULT 9u /* the part does not work; EVENT told why */
#define LINK_REFUSAL_VERSION 10u /* another major version of the protocol */
#define LINK_REFUSAL_UNKNOWN_SETTING 11u /* the channel has no such setting */
#define LINK_REFUSAL_NOT_STORED 12u /* the flash did not take it; the old setting holds */
#define LINK_REFUSAL_MOVING 13u /* what can hurt is away from its safe value, and to keep a setting may hold the board up for half a second */

/* What happened. */
#define LINK_EVENT_HOST_LOST 1u /* no frame for hostLossMs: outputs are safe, nothing is armed */
#define LINK_EVENT_TIME_OVER 2u /* forMs or maxMs is over: the channel is at its safe value */
#define LINK_EVENT_END_REACHED 3u /* an end switch stopped the motor */
#define LINK_EVENT_OBSTACLE 4u /* too much current stopped the motor */
#define LINK_EVENT_FAULT 5u /* the part stopped working; value is the fault */
#define LINK_EVENT_FAULT_OVER 6u /* the part works again */
#define LINK_EVENT_BROWN_OUT 7u /* the supply fell below its limit: outputs are safe */
#define LINK_EVENT_SETTINGS_LOST 8u /* kept settings were damaged: the firmware's own hold */
#define LINK_EVENT_ARRIVED 9u /* a ramp has come to its end */
#define LINK_EVENT_BLOCKED 10u /* an end switch or an obstacle forbade the direction that a ramp was to go: outputs of the channel are safe */

/* Why a value cannot be had. */
#define LINK_FAULT_NO_ANSWER 1u /* nobody answers on the bus */
#define LINK_FAULT_BUS_STUCK 2u /* a line of the bus is held down, and nine clocks did not free it */
#define LINK_FAULT_BAD_CHECKSUM 3u /* what came was damaged, three times */
#define LINK_FAULT_TIME_OUT 4u /* it began to answer and did not end */
#define LINK_FAULT_OUT_OF_RANGE 5u /* at its rail: a wire is off or shorted */
#define LINK_FAULT_NOT_CALIBRATED 6u /* it has never been told its zero and its scale */
#define LINK_FAULT_JAMMED 7u /* driven, and the encoder did not move */

/* Why the board started. */
#define LINK_RESET_UNKNOWN 0u /* the chip does not say */
#define LINK_RESET_POWER 1u /* power on */
#define LINK_RESET_PIN 2u /* the reset pin */
#define LINK_RESET_SOFTWARE 3u /* REBOOT */
#define LINK_RESET_WATCHDOG 4u /* a task did not report in */
#define LINK_RESET_BROWN_OUT 5u /* the supply was too low */
#define LINK_RESET_LOW_POWER 6u /* low-power management */
#define LINK_RESET_FAULT 7u /* the program did what the processor forbids, and was ended */

/* What the board keeps over a loss of power. */
#define LINK_SETTING_NAME 1u /* text: what the channel is called */
#define LINK_SETTING_MIN 2u /* number: least value, not below the firmware's */
#define LINK_SETTING_MAX 3u /* number: greatest value, not above the firmware's */
#define LINK_SETTING_MAX_MS 4u /* number: longest time away from the safe value, ms, not above the firmware's */
#define LINK_SETTING_ZERO 5u /* number, ignored: what is measured now is zero from now on */
#define LINK_SETTING_SCALE 6u /* number: what is measured now is so much, in the channel's unit */

/* Of a channel; summed. */
#define LINK_FLAG_ARM 1u /* it can hurt: ARM must be said before it is driven */
#define LINK_FLAG_RAMP 2u /* it takes rampMs */
#define LINK_FLAG_CALIBRATE 4u /* it takes the settings zero and scale */

#endif
