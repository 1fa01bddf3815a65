import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRateLimit, type SharedCounters } from '../../../server/http/rate-limit.ts'
import { connectRedis } from '../../../server/storage/redis.ts'
import { temporaryRedis } from '../../support/redis.ts'

const server = await temporaryRedis()
const rule = { points: 3, perSeconds: 60 }
const limited = { code: 'rate_limited', status: 429 }

test('without Redis every address has its own count, and a refusal says how long to wait', async () => {
  const limit = createRateLimit(rule, 'accessToken')
  for (let turn = 0; turn < 3; turn++) await limit('203.0.113.7')
  await expect(limit('203.0.113.7')).rejects.toMatchObject({
    ...limited,
    hint: expect.stringContaining('rateLimits.accessToken'),
    retryAfterS: 60,
  })
  await limit('203.0.113.8')
})

test('0 points switch a limit off', async () => {
  const limit = createRateLimit({ points: 0, perSeconds: 1 }, 'accessToken')
  for (let turn = 0; turn < 1_000; turn++) await limit('203.0.113.7')
})

describe.skipIf(server === undefined)('with Redis', () => {
  const replicas: Redis[] = []
  let shared: SharedCounters
  let sharedToo: SharedCounters
  beforeAll(async () => {
    const connect = () => new Redis(server?.url ?? '')
    replicas.push(connect(), connect())
    const [one, other] = replicas
    if (one === undefined || other === undefined || server === undefined) throw new Error('no Redis')
    shared = { redis: one, prefix: server.prefix }
    sharedToo = { redis: other, prefix: server.prefix }
    await Promise.all(replicas.map((redis) => redis.ping()))
  })
  afterAll(async () => {
    for (const redis of replicas) redis.disconnect()
    await server?.clear()
  })

  test('replicas count together, below the prefix that was handed in', async () => {
    const [one, other] = [createRateLimit(rule, 'shared', shared), createRateLimit(rule, 'shared', sharedToo)]
    await one('203.0.113.7')
    await other('203.0.113.7')
    await one('203.0.113.7')
    await expect(other('203.0.113.7')).rejects.toMatchObject(limited)
    await expect(one('203.0.113.7')).rejects.toMatchObject({ ...limited, retryAfterS: expect.any(Number) })
    await other('203.0.113.8')
    expect(await shared.redis.keys(`${server?.prefix}rate:shared:*`)).toHaveLength(2)
    expect(await shared.redis.pttl(`${server?.prefix}rate:shared:203.0.113.7`)).toBeGreaterThan(0)
  })

  test('two limits do not count for each other', async () => {
    const [one, other] = [createRateLimit(rule, 'signature', shared), createRateLimit(rule, 'token', shared)]
    for (let turn = 0; turn < 3; turn++) await one('203.0.113.9')
    await other('203.0.113.9')
    await expect(one('203.0.113.9')).rejects.toMatchObject(limited)
  })

  test('of a hundred requests at once over two replicas no more than allowed come through', async () => {
    const both = [createRateLimit(rule, 'storm', shared), createRateLimit(rule, 'storm', sharedToo)]
    const turns = Array.from({ length: 100 }, (_, turn) => both[turn % 2]?.('203.0.113.7'))
    const settled = await Promise.allSettled(turns)
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  })
})

test('while Redis does not answer the limit still holds, counted here', async () => {
  const errors: unknown[] = []
  const redis = await connectRedis('redis://127.0.0.1:1', { onLost: (error) => errors.push(error) })
  try {
    const limit = createRateLimit(rule, 'accessToken', { redis, prefix: 'wx-h5-test:' })
    for (let turn = 0; turn < 3; turn++) await limit('203.0.113.7')
    await expect(limit('203.0.113.7')).rejects.toMatchObject(limited)
  } finally {
    redis.disconnect()
  }
})
