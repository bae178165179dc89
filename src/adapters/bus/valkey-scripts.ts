/**
 * What must happen at once in the store, where one command does not do it. Scripts are sent whole: the store knows one it has seen by
 * its hash, and a store that was restarted needs no other treatment.
 */

/**
 * KEYS position, clock, set of streams. ARGV expected run, expected sequence, new run, version, sequence, time, state, now, and then runs
 * of entries of one type: a type stream, a domain stream, how many, and their texts. Answers nothing, or the run and the sequence it found instead of the expected.
 *
 * The id of an entry is the same in both streams and later than all before; where a stranger has written a later one, the store chooses.
 */
export const publishScript = `
local found = redis.call('HMGET', KEYS[1], 'runId', 'sequence')
local run, sequence = found[1] or '', found[2] or ''
if run ~= ARGV[1] or sequence ~= ARGV[2] then return {run, sequence} end
local last = redis.call('GET', KEYS[2]) or '0-0'
local ms, count = string.match(last, '^(%d+)-(%d+)$')
ms, count = tonumber(ms), tonumber(count)
local now = tonumber(ARGV[8])
if now > ms then ms, count = now, -1 end
local stamp = string.format('%.0f', ms) .. '-'
local seen = {}
local function append(stream, id, text)
  local done = redis.pcall('XADD', stream, id, 'envelope', text)
  if type(done) == 'table' then redis.call('XADD', stream, '*', 'envelope', text) end
end
local index = 9
while index <= #ARGV do
  local ofType, ofDomain, size = ARGV[index], ARGV[index + 1], tonumber(ARGV[index + 2])
  if not seen[ofType] then
    seen[ofType] = true
    redis.call('SADD', KEYS[3], ofType, ofDomain)
  end
  for place = index + 3, index + 2 + size do
    count = count + 1
    local id = stamp .. count
    append(ofType, id, ARGV[place])
    append(ofDomain, id, ARGV[place])
  end
  index = index + 3 + size
end
if #ARGV > 8 then redis.call('SET', KEYS[2], stamp .. count) end
redis.call('HSET', KEYS[1], 'runId', ARGV[3], 'version', ARGV[4], 'sequence', ARGV[5], 'at', ARGV[6], 'state', ARGV[7])
return {}
`;

/** KEYS position, set of streams. */
export const wipeScript = `
for _, stream in ipairs(redis.call('SMEMBERS', KEYS[2])) do redis.call('UNLINK', stream) end
redis.call('UNLINK', KEYS[1], KEYS[2])
return 0
`;

/** KEYS stream. ARGV group, consumer, ids. Entries that another consumer has taken over stay with it. */
export const touchScript = `
for index = 3, #ARGV do
  local held = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[index], ARGV[index], 1, ARGV[2])
  if #held == 1 then redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[index], 'JUSTID') end
end
return 0
`;

/** KEYS stream. ARGV start, end, count. Answers how many entries lie there, at most the count, and the id of the last of them. */
export const stepScript = `
local entries = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[2], 'COUNT', ARGV[3])
if #entries == 0 then return {0, ''} end
return {#entries, entries[#entries][1]}
`;

/** KEYS dead-letter stream, stream, set of streams. ARGV id of the letter, text, group. Answers 1 where the letter was there. */
export const reviveScript = `
if redis.call('XDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('XADD', KEYS[2], '*', 'envelope', ARGV[2], 'group', ARGV[3])
redis.call('SADD', KEYS[3], KEYS[2])
return 1
`;
