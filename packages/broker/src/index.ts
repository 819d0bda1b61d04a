export { type Access, type Rights, type Role, accessOf, rightsOf } from "./access";
export { type Broker, type BrokerOptions, startBroker } from "./broker";
export type { BrokerStats, Refusal } from "./counters";
export { type BrokerLimits, defaultLimits } from "./limits";
export {
  type BusUser,
  type BusUsers,
  type Login,
  type NewUser,
  createUser,
  createUsers,
  readUsers,
  removeUser,
  verifyUser,
} from "./users";
export { type MosquittoFiles, mosquittoAcl, mosquittoConfig } from "./mosquitto";
