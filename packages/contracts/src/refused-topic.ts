/**
 * MQTT 3.1.1 has no word for "you may not write there": PUBACK bears no reason [MQTT-3.4.2], so that a refused message looks sent. Our own
 * broker speaks no newer version; it tells whoever subscribes to this topic the packet identifier of each QoS 1 message of its
 * own that it refused, before its PUBACK; and, once, an empty message when the subscription is made, which says that it does so.
 */
export const REFUSED_TOPIC = "$skein/refused";
