/**
 * What Redis does in one step (Lua runs atomically there), and where things are kept:
 *
 * | key | what |
 * | --- | --- |
 * | `skein:log` | stream of all events and commands, trimmed to about the last 10,000 |
 * | `skein:states` | hash: topic to its latest state, with its number |
 * | `skein:position:ID` | how far client ID has got in the log |
 * | `skein:filters:ID` | hash: what ID subscribed to, and the log's end at that moment |
 * | `skein:alive:ID` | the token of ID's connection; expires when it is not refreshed |
 * | `skein:wills` | hash: client id to the token of the connection that left a will |
 * | `skein:will:ID` | hash: that will, and the run of Redis in which it was left |
 *
 * Live messages go out as `skein:bus:TOPIC` by pub/sub, with a line before the payload that names them: `e LOG-ID`, `s NUMBER`,
 * `t SENDER.COUNT`.
 */
import { createHash } from "node:crypto";

export const LOG = "skein:log";
export const STATES = "skein:states";
export const WILLS = "skein:wills";
export const CHANNEL = "skein:bus:";
export const positionKey = (clientId: string): string => `skein:position:${clientId}`;
export const filtersKey = (clientId: string): string => `skein:filters:${clientId}`;
export const willKey = (clientId: string): string => `skein:will:${clientId}`;
export const aliveKey = (clientId: string): string => `skein:alive:${clientId}`;
/** Its one subscriber is that connection: nobody there means that it died, a message means that it was taken over. */
export const hereChannel = (clientId: string, token: string): string => `skein:here:${clientId}:${token}`;

/** About so many events and commands wait for those who are away. */
const LOG_LENGTH = 10_000;

const SAY = `
local function say(kind, topic, payload, ttl)
  if kind == 'state' then
    local number = redis.call('INCR', 'skein:seq')
    if #payload == 0 then redis.call('HDEL', 'skein:states', topic)
    else redis.call('HSET', 'skein:states', topic, number .. '\\n' .. payload) end
    redis.call('PUBLISH', 'skein:bus:' .. topic, 's ' .. number .. '\\n' .. payload)
  else
    local expires = 0
    if ttl > 0 then
      local time = redis.call('TIME')
      expires = time[1] * 1000 + math.floor(time[2] / 1000) + ttl
    end
    local id = redis.call('XADD', 'skein:log', 'MAXLEN', '~', ${LOG_LENGTH}, '*', 'topic', topic, 'payload', payload, 'expires', string.format('%.0f', expires))
    redis.call('PUBLISH', 'skein:bus:' .. topic, 'e ' .. id .. '\\n' .. payload)
  end
end
local function last()
  local entry = redis.call('XREVRANGE', 'skein:log', '+', '-', 'COUNT', 1)[1]
  return entry and entry[1] or '0-0'
end
local function sayWill(client)
  local will = redis.call('HMGET', 'skein:will:' .. client, 'kind', 'topic', 'payload')
  redis.call('HDEL', 'skein:wills', client)
  redis.call('DEL', 'skein:will:' .. client)
  if will[1] then say(will[1], will[2], will[3], 0) end
end
`;

const SOURCES = {
  /** kind, topic, payload, ms until it expires or 0 */
  publish: `say(ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]))`,

  /**
   * client, token, ms to live, ms that its session is kept, run of Redis, [kind, topic, payload of the will].
   * The connection that had this client id is told, and its will said: its time is over. One from an earlier run of Redis
   * died with it, like all others, and is nobody's fault. Answers: whether a session waited, position, filters.
   */
  connect: `
local client, token = ARGV[1], ARGV[2]
local old = redis.call('GET', 'skein:alive:' .. client)
if old and old ~= token then redis.call('PUBLISH', 'skein:here:' .. client .. ':' .. old, 'taken over') end
if redis.call('HGET', 'skein:will:' .. client, 'run') == ARGV[5] then sayWill(client) end
redis.call('HDEL', 'skein:wills', client)
redis.call('DEL', 'skein:will:' .. client)
if ARGV[6] then
  redis.call('HSET', 'skein:wills', client, token)
  redis.call('HSET', 'skein:will:' .. client, 'kind', ARGV[6], 'topic', ARGV[7], 'payload', ARGV[8], 'run', ARGV[5])
end
redis.call('SET', 'skein:alive:' .. client, token, 'PX', ARGV[3])
local position = redis.call('GET', 'skein:position:' .. client)
local resumed = position and 1 or 0
if not position then position = last() end
redis.call('SET', 'skein:position:' .. client, position, 'PX', ARGV[4])
redis.call('PEXPIRE', 'skein:filters:' .. client, ARGV[4])
return { resumed, position, redis.call('HGETALL', 'skein:filters:' .. client) }`,

  /** client, token, ms to live, ms that its session is kept, 1 when it left a will. Answers: 1 all well, 0 taken for dead, 2 taken over. */
  refresh: `
local client, token = ARGV[1], ARGV[2]
local now = redis.call('GET', 'skein:alive:' .. client)
if now and now ~= token then return 2 end
if ARGV[5] == '1' and redis.call('HGET', 'skein:wills', client) ~= token then return 0 end
redis.call('SET', 'skein:alive:' .. client, token, 'PX', ARGV[3])
redis.call('PEXPIRE', 'skein:position:' .. client, ARGV[4])
redis.call('PEXPIRE', 'skein:filters:' .. client, ARGV[4])
return 1`,

  /** client, filter, ms that its session is kept: from here on this filter's events wait for it. */
  subscribe: `
redis.call('HSETNX', 'skein:filters:' .. ARGV[1], ARGV[2], last())
redis.call('PEXPIRE', 'skein:filters:' .. ARGV[1], ARGV[3])`,

  /** client, token: a clean end, without a will. */
  close: `
if redis.call('HGET', 'skein:wills', ARGV[1]) == ARGV[2] then
  redis.call('HDEL', 'skein:wills', ARGV[1])
  redis.call('DEL', 'skein:will:' .. ARGV[1])
end
if redis.call('GET', 'skein:alive:' .. ARGV[1]) == ARGV[2] then redis.call('DEL', 'skein:alive:' .. ARGV[1]) end`,

  /** client, token, 1 when only an expired key shows that it is dead. Says the will, once whoever asks. Answers 1 when it did. */
  reap: `
if redis.call('HGET', 'skein:wills', ARGV[1]) ~= ARGV[2] then return 0 end
local alive = redis.call('GET', 'skein:alive:' .. ARGV[1])
if ARGV[3] == '1' and alive then return 0 end
if alive == ARGV[2] then redis.call('DEL', 'skein:alive:' .. ARGV[1]) end
sayWill(ARGV[1])
return 1`,
};

export type ScriptName = keyof typeof SOURCES;

export const scripts: Readonly<Record<ScriptName, { readonly text: string; readonly sha: string }>> =
  Object.fromEntries(
    Object.entries(SOURCES).map(([name, body]) => {
      const text = SAY + body;
      return [name, { text, sha: createHash("sha1").update(text).digest("hex") }];
    }),
  ) as Record<ScriptName, { text: string; sha: string }>;
