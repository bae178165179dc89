import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { refusalOf } from './key-store-replies.ts';

/** A script of the server: it runs whole, and nothing else in between. */
export interface ServerScript {
  readonly text: string;
  readonly digest: string;
}

/**
 * Compares the position, writes a batch and the new position. Everything that could refuse a write is looked at before the first one: a
 * server does not take back what a script has written. The position goes first, since a server that is out of memory or out of disk
 * refuses the first write only. Should a later one fail all the same, as where the user lacks a right, the position is removed:
 * what was written is then known to be no prefix, and is emptied before anything else is written.
 *
 * Keys: the position, the index of keys, then the keys of the batch. Arguments: the run and sequence that must stand there, each empty
 * where none may; the five fields of the new position; for each key the type it must have or nothing, then its life after the batch (`-`
 * untouched, `x` deleted, `0` endless, else ms) and whether the life is to be set; then the changes.
 *
 * The index scores each key with the end of its life, so that those whose life is over are left out again.
 */
export const applyScript = serverScript(`
local position, index, total = KEYS[1], KEYS[2], #KEYS
local stored = redis.call('HMGET', position, 'runId', 'sequence')
if ARGV[1] == '' then
  if stored[1] then return {'stale', stored[1], stored[2]} end
  if redis.call('EXISTS', index) == 1 then return {'leftover'} end
elseif stored[1] ~= ARGV[1] or stored[2] ~= ARGV[2] then
  return {'stale', stored[1] or '', stored[2] or ''}
end
for i = 3, total do
  local expected = ARGV[i * 3 - 1]
  if expected ~= '' then
    local found = redis.call('TYPE', KEYS[i]).ok
    if found ~= 'none' and found ~= expected then return {'wrongType', KEYS[i], expected, found} end
  end
end
redis.call('HSET', position, 'runId', ARGV[3], 'version', ARGV[4], 'sequence', ARGV[5], 'at', ARGV[6], 'state', ARGV[7])

local function remember()
  local now = redis.call('TIME')[1] * 1000
  local list, count = {}, 0
  local function flush()
    if count > 0 then redis.call('ZADD', index, unpack(list, 1, count)) end
    count = 0
  end
  for i = 3, total do
    local life = ARGV[i * 3]
    if life == 'x' then
      redis.call('ZREM', index, KEYS[i])
    elseif life ~= '-' then
      list[count + 1] = life == '0' and '+inf' or string.format('%.0f', now + life)
      list[count + 2] = KEYS[i]
      count = count + 2
      if count == 2000 then flush() end
    end
  end
  flush()
  local over = redis.call('ZCOUNT', index, '-inf', string.format('%.0f', now - 60000))
  if over > 0 then redis.call('ZREMRANGEBYRANK', index, 0, math.min(over, 1000 + total) - 1) end
end

local function change()
  local at, last = total * 3 + 2, #ARGV
  while at <= last do
    local kind, key = ARGV[at], KEYS[tonumber(ARGV[at + 1])]
    if kind == 'a' then
      local score, keep = ARGV[at + 2], ARGV[at + 5]
      if ARGV[at + 4] == '1' then redis.call('ZREMRANGEBYSCORE', key, score, score) end
      redis.call('ZADD', key, score, ARGV[at + 3])
      if keep ~= '' then redis.call('ZREMRANGEBYRANK', key, 0, keep) end
      at = at + 6
    elseif kind == 's' then
      if ARGV[at + 2] == '' then redis.call('SET', key, ARGV[at + 3])
      else redis.call('SET', key, ARGV[at + 3], 'PX', ARGV[at + 2]) end
      at = at + 4
    elseif kind == 'd' then
      redis.call('UNLINK', key)
      at = at + 2
    elseif kind == 'b' then
      redis.call('ZREMRANGEBYSCORE', key, '-inf', ARGV[at + 2])
      at = at + 3
    elseif kind == 'p' then
      redis.call('LPUSH', key, ARGV[at + 3])
      redis.call('LTRIM', key, 0, ARGV[at + 2])
      at = at + 4
    elseif kind == 'h' then
      redis.call('HSET', key, ARGV[at + 2], ARGV[at + 3])
      at = at + 4
    else
      redis.call('PUBLISH', ARGV[at + 1], ARGV[at + 2])
      at = at + 3
    end
  end
  for i = 3, total do
    if ARGV[i * 3 + 1] == '1' then
      local life = ARGV[i * 3]
      if life == '0' then redis.call('PERSIST', KEYS[i]) else redis.call('PEXPIRE', KEYS[i], life) end
    end
  end
end

local isDone, problem = pcall(function() remember() change() end)
if isDone then return {'done'} end
redis.call('DEL', position)
return {'broken', type(problem) == 'table' and problem.err or tostring(problem)}
`);

/**
 * Removes some of the keys of an index, and the position with the first of them. A position that comes back meanwhile belongs to another
 * writer, whose keys are not to be removed. Keys: the position, the index. Arguments: whether it is the first call, how many keys. Tells
 * how many are left, or -1 where another writer has begun.
 */
export const wipeScript = serverScript(`
if ARGV[1] == '1' then redis.call('DEL', KEYS[1])
elseif redis.call('EXISTS', KEYS[1]) == 1 then return -1 end
for _, key in ipairs(redis.call('ZRANGE', KEYS[2], 0, ARGV[2] - 1)) do redis.call('UNLINK', key) end
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, ARGV[2] - 1)
return redis.call('ZCARD', KEYS[2])
`);

/**
 * Reads a key of any type as it is at one moment: its type, what is left of its life in ms or a negative figure, and what it holds, or how
 * much it holds where that is more than asked for.
 */
export const readScript = serverScript(`
local key, max = KEYS[1], tonumber(ARGV[1])
local kind = redis.call('TYPE', key).ok
local life = redis.call('PTTL', key)
local sizes = {zset = 'ZCARD', list = 'LLEN', hash = 'HLEN'}
if sizes[kind] then
  local size = redis.call(sizes[kind], key)
  if size > max then return {kind, life, size} end
end
if kind == 'string' then return {kind, life, redis.call('GET', key)} end
if kind == 'zset' then return {kind, life, redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')} end
if kind == 'list' then return {kind, life, redis.call('LRANGE', key, 0, -1)} end
if kind == 'hash' then return {kind, life, redis.call('HGETALL', key)} end
return {kind, life}
`);

/** Runs a script by its digest, and by its text where the server does not know it yet; it runs once in either case. */
export async function runScript(
  client: Redis,
  { text, digest }: ServerScript,
  keys: readonly string[],
  parameters: readonly (string | Buffer)[],
): Promise<unknown> {
  const rest = [String(keys.length), ...keys, ...parameters];
  try {
    return await client.callBuffer('EVALSHA', [digest, ...rest]);
  } catch (error) {
    if (refusalOf(error)?.startsWith('NOSCRIPT') !== true) throw error;
    return client.callBuffer('EVAL', [text, ...rest]);
  }
}

function serverScript(text: string): ServerScript {
  return { text, digest: createHash('sha1').update(text).digest('hex') };
}
