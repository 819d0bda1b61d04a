export { type Access, type Rights, type Role, accessOf, rightsOf } from "./access";
export { type Broker, type BrokerOptions, startBroker } from "./broker";
export type { BrokerStats, Refusal } from "./counters";
export { type BrokerLimits, defaultLimits } from "./limits";
export type { BrokerTls } from "./tls";
export {
  type BusUser,
  type BusUsers,
  type Login,
  type NewUser,
  beginRemoval,
  createUser,
  createUsers,
  readUsers,
  removeUser,
  verifyUser,
} from "./users";
export { type MosquittoHandOver, handOver } from "./hand-over";
export {
  type MosquittoFiles,
  type MosquittoListener,
  mosquittoAcl,
  mosquittoConfig,
  mosquittoPasswords,
} from "./mosquitto";
