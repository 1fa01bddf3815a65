/**
 * What happens in Redis as one step. The feed is a hash with the number of the latest change and the name of this
 * run of numbers: after a flush or a failover to an empty replica it is another one.
 *
 * KEYS of all: credential, ledger, feed, changes.
 */
const NOTE = `
local function note(member, run, ttl)
  redis.call('HSETNX', KEYS[3], 'run', run)
  local number = redis.call('HINCRBY', KEYS[3], 'number', 1)
  redis.call('ZADD', KEYS[4], number, member)
  redis.call('PEXPIRE', KEYS[3], ttl)
  redis.call('PEXPIRE', KEYS[4], ttl)
end
`

/** The fenced write. ARGV: generation, credential, ttl of the credential, member, run, ttl of the feed. */
export const WRITE = `${NOTE}
local stored = redis.call('GET', KEYS[1])
if stored and cjson.decode(stored).generation >= tonumber(ARGV[1]) then return stored end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
note(ARGV[4], ARGV[5], ARGV[6])
return ARGV[2]
`

/** What a turn is decided on: credential, ledger, and the time of Redis. */
export const LOOK = `
local time = redis.call('TIME')
return { redis.call('GET', KEYS[1]), redis.call('GET', KEYS[2]), time[1], time[2] }
`

/**
 * Writes the ledger unless somebody has written either since the look. ARGV: credential and ledger as seen (empty
 * for none), ledger, ttl of the ledger, member, run, ttl of the feed.
 */
export const TURN = `${NOTE}
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if (redis.call('GET', KEYS[2]) or '') ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
note(ARGV[5], ARGV[6], ARGV[7])
return 1
`

/**
 * Members that changed. KEYS: feed, changes. ARGV: run and number of the cursor, a run for an empty Redis, how many
 * at most. Answers with run, latest number, and members with their numbers; none when the run is another one.
 */
export const CHANGES = `
redis.call('HSETNX', KEYS[1], 'run', ARGV[3])
local run = redis.call('HGET', KEYS[1], 'run')
local number = redis.call('HGET', KEYS[1], 'number') or '0'
if run ~= ARGV[1] or number == ARGV[2] then return { run, number, {} } end
local found = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[2], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[4])
return { run, number, found }
`
