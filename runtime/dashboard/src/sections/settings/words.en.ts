import type { Role, Scope, Severity } from "@skein/contracts";
import { plural } from "../../i18n/define-words";
import type { Theme } from "../../theme";

const rolesMay: Record<Role, string> = {
  viewer: "sees the house",
  operator: "also switches things and starts routines",
  designer: "also deploys flows",
  admin: "also manages people, boards and backups",
};
const scopes: Record<Scope, string> = {
  read: "See everything a viewer sees",
  operate: "Switch things, start routines",
  design: "Deploy flows",
  admin: "Everything an admin may",
  routines: "Start routines, nothing else",
  hooks: "Call flows under /hooks/, nothing else",
  metrics: "Read /metrics, nothing else",
};
/** By the keeper's own name. */
const keptIn: Readonly<Record<string, string>> = {
  account: "account",
  events: "events",
  journal: "journal",
  series: "figures",
  privacy: "privacy switch",
  notices: "notices",
  hooks: "open hooks",
  snapshots: "snapshots of the flows",
  answers: "answers to programs",
};
const themes: Record<Theme, string> = { system: "As the system", light: "Light", dark: "Dark" };

const channelLeast: Record<Severity, string> = {
  info: "for every notice",
  notice: "for notices and worse",
  warning: "for warnings and alarms",
  alarm: "for alarms only",
};

export const en = {
  title: "Settings",
  save: "Save",
  name: "Name",
  never: "never",

  account: "My account",
  loggedInAs: (id: string, role: string) => `Logged in as ${id}, ${role}.`,
  language: "Language",
  asBrowser: "As the browser",
  theme: "Appearance",
  themes,
  themeHint: "Holds for this browser.",
  password: "Password",
  oldPassword: "Password until now",
  newPassword: "New password",
  passwordHint: "10 characters or more. Three or four random words are good.",
  changePassword: "Change password",
  choosePassword: "Choose password",
  passwordChanged: "The password holds from now on.",
  rolesMay,

  sessions: "Logged-in browsers",
  thisBrowser: "this browser",
  unnamedBrowser: "a browser without a name",
  lastSeen: (when: string, address: string) => `last seen ${when}, from ${address}`,
  logOut: "Log out",
  logOutHere: "Log out of this browser",
  logOutElsewhere: "Log out everywhere else",
  noOthers: "No other browser is logged in.",

  tokens: "API tokens",
  tokensText: "A token lets a program or a phone's shortcut in instead of a password, and only for what you tick here.",
  tokenName: "What is it for?",
  tokenDays: "Works for",
  days: (count: number) => plural("en", count, { one: "1 day", other: `${count} days` }),
  year: "a year",
  tenYears: "ten years",
  scopes,
  scopesLegend: "It may",
  scopesNeeded: "Tick at least one.",
  createToken: "Create token",
  tokenOnce: "Copy it now: it is shown this once, and kept here only as a hash.",
  token: "Token",
  qr: "QR code of the token, for a phone's camera",
  noTokens: "There is no token.",
  tokenOver: "over",
  tokensOf: (name: string) => `API tokens of ${name}`,
  tokenAbout: (created: string, expires: string, used: string) =>
    `made ${created}, works until ${expires}, last used ${used}`,

  people: "People",
  peopleText: "Who may log in, and what each may do.",
  designerWarning:
    "A designer deploys flows, and a flow is code that runs on the leader's computer: make one only of somebody whom you trust with the whole house.",
  accountId: "Logs in as",
  accountIdHint: "Small letters, digits and -. Left empty, it is made from the name.",
  role: "Role",
  firstPassword: "First password",
  firstPasswordHint: "Tell it to them; they change it under My account.",
  addPerson: "Add person",
  you: "you",
  noPasswordYet: "has no password yet",
  lastLogin: (when: string) => `last logged in ${when}`,
  newPasswordFor: (name: string) => `New password for ${name}`,
  change: "Change",
  isResident: "Who this is in the house",
  nobody: "nobody who lives here",

  rooms: "Rooms",
  roomsText: "Rooms, and what stands in each.",
  addRoom: "Add room",
  privateRoom: "Private",
  privateHint: "Nobody's presence there is told by name unless its residents agree.",
  noRooms: "There is no room yet.",
  things: "What stands where",
  room: "Room",
  roomless: "no room",
  calledItself: (name: string) => `calls itself ${name}`,

  residents: "Residents",
  residentsText:
    "Who lives here. A resident needs no account. What is kept of somebody can be seen and deleted by an admin, and by the account that an admin has said is theirs (People).",
  forgetLimits:
    "Found and deleted is what bears a resident's or their account's id. What somebody has typed (the texts of notices, names of devices, reasons, what is sent to hooks) and what flows keep and log by themselves is not known to be about anybody: it stays as long as such things are kept.",
  addResident: "Add resident",
  noResidents: "Nobody has been entered yet.",
  kept: "What is kept",
  keptOf: (name: string) => `What is kept of ${name}`,
  keptNothing: "Nothing is kept.",
  keptIn,
  keptWhere: (where: string, count: number) => `${where}: ${count}`,
  deleteData: "Delete what is kept",
  deleteDataSure: "It is deleted for good, and is gone from backups with their next generation.",
  deleted: "It is deleted.",

  boards: "New boards",
  boardsText: "Codes that wait for a board. Each works once.",
  noCodes: "No code waits for a board.",
  codeFor: (whom: string) => `for ${whom}`,
  codeForAny: "for any board",
  codeUntil: (when: string) => `until ${when}`,
  unheard: "Joined, never heard",
  unheardText: "Each of these has a login to the bus that works until it is deleted, and has not come yet.",
  unheardSure: "Its login works no more; to come after all it needs a new code.",

  backups: "Backups",
  backupsText:
    "Everything the house knows, in one file: flows, people, rooms, history. Keep a copy elsewhere; an empty leader takes it in with: npm run skein -- restore FILE.",
  backUpNow: "Back up now",
  backedUp: "It is there.",
  noBackups: "There is no backup yet.",
  download: "Download",
  version: (version: string) => `release ${version}`,

  care: "Self-care",
  careText: "What the house looks after in itself.",
  careSince: (when: string) => `since ${when}`,

  notices: "Notices",
  noticesText:
    "How the house reaches you. The page always shows them; the other ways are set up in skein.yaml on the leader.",
  channels: { page: "This page", ntfy: "ntfy", email: "E-mail", "web-push": "Web push" } as Readonly<
    Record<string, string>
  >,
  testNotice: "Send a test",
  /** Instead of the leader's sentence, where it names nobody that the page does not know. */
  channelPasses: {} as Readonly<Record<string, string>>,
  channelLeast,
  channelWorks: (when: string) => `last sent ${when}`,
  channelFailed: (when: string, why: string) => `failed ${when}: ${why}`,
  channelUnused: "nothing sent by it yet",
  pushOn: "Tell this browser",
  pushOff: "Tell this browser no more",
  pushAbout: "Web push",
  pushDenied: "This browser does not let the page show notices; its own settings for this page can change that.",
  webPushText:
    "Web push passes through the server of the browser's vendor (Google, Mozilla, Apple), so it is off until it is switched on by name.",
};
