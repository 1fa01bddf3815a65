import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { type AddressInfo, createServer } from 'node:net'
import { Redis } from 'ioredis'
import { onTestFinished } from 'vitest'

const SERVER = process.env.REDIS_URL ?? 'redis://127.0.0.1:6379'

/**
 * A key prefix of this run's own in a real Redis; `undefined`, with one visible line, where no server answers.
 * With CI=true a missing server is a failure.
 */
export async function temporaryRedis(): Promise<
  { url: string; prefix: string; flush(): Promise<void>; clear(): Promise<void> } | undefined
> {
  const prefix = `wx-h5-test-${randomBytes(6).toString('hex')}:`
  const redis = new Redis(SERVER, {
    lazyConnect: true,
    connectTimeout: 3_000,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  try {
    await redis.connect()
  } catch (error) {
    const line = `Redis does not answer at ${new URL(SERVER).host}: its tests are skipped. Start one (apt-get install redis-server) or set REDIS_URL.`
    if (process.env.CI === 'true') throw new Error(line, { cause: error })
    console.warn(line)
    return undefined
  }
  async function flush(): Promise<void> {
    const keys = await redis.keys(`${prefix}*`)
    if (keys.length > 0) await redis.del(...keys)
  }
  return {
    url: SERVER,
    prefix,
    flush,
    async clear() {
      await flush()
      redis.disconnect()
    },
  }
}

/** An empty Redis server of the test's own, gone when the test is over; `undefined` where there is no program. */
export async function emptyRedis(): Promise<{ readonly host: string; readonly port: number } | undefined> {
  const port = await freePort()
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', ''], {
    stdio: 'ignore',
  })
  const gone = new Promise<void>((resolve) =>
    child.once('exit', () => resolve()).once('error', () => resolve()),
  )
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await gone
  })
  const redis = new Redis(port, '127.0.0.1', { retryStrategy: () => 20, maxRetriesPerRequest: null })
  redis.on('error', () => undefined)
  const answered = await Promise.race([redis.ping(), gone.then(() => undefined)])
  redis.disconnect()
  if (answered !== undefined) return { host: '127.0.0.1', port }
  console.warn(
    'There is no redis-server to start: a failover is not tested. Install it (apt-get install redis-server).',
  )
  return undefined
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
