import { describeTransport } from "./testing/conformance";
import { aedes, memory, mosquitto } from "./testing/rows";

describeTransport(memory);
describeTransport(mosquitto);
describeTransport(aedes);
