import type { Redis } from 'ioredis'
import type { Clock } from '../clock.ts'
import { connectRedis } from '../storage/redis.ts'
import { createRedisOneTime } from '../storage/redis-one-time.ts'
import { reasonOf } from '../storage/storage-error.ts'
import { type Finding, failed, passed, warning } from './step.ts'
import { type NewName, tryStore, written } from './try-store.ts'

export interface CheckedRedis {
  readonly finding: Finding
  /** Connected and usable. */
  readonly redis: Redis | undefined
}

/** `GETDEL`, by which a ticket is taken once, is there from 6.2 on. */
const OLDEST: readonly [number, number] = [6, 2]

/** Whether Redis answers, is new enough, can be written, and keeps what it is given. Leaves nothing behind. */
export async function checkRedis(
  url: string,
  prefix: string,
  clock: Pick<Clock, 'monotonic'>,
  newName: NewName,
): Promise<CheckedRedis> {
  const { host } = new URL(url)
  let trouble: unknown
  const redis = await connectRedis(url, {
    onLost(error) {
      trouble = error
    },
  })
  const give = (finding: Finding): CheckedRedis => {
    if (finding.status !== 'failed') return { finding, redis }
    redis.disconnect()
    return { finding, redis: undefined }
  }
  if (redis.status !== 'ready') return give(notThere(host, trouble))
  try {
    const startedAt = clock.monotonic()
    await redis.ping()
    const tookMs = Math.max(1, Math.round(clock.monotonic() - startedAt))
    const info = readInfo(await redis.info().catch(() => ''))
    const version = info.get('redis_version') ?? ''
    if (isTooOld(version)) return give(tooOld(host, version))
    await tryStore(createRedisOneTime(redis, prefix), newName)
    const name = version === '' ? 'Redis' : `Redis ${version}`
    return give(judgePolicy(`${name} at ${host} answers in ${tookMs} ms${written(newName)}.`, info))
  } catch (error) {
    return give(notUsable(host, error))
  }
}

function readInfo(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/^(\w+):([^\r\n]*)/gm)].map(([, name = '', value = '']): [string, string] => [
      name,
      value,
    ]),
  )
}

function isTooOld(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? []
  if (major === undefined) return false
  return Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1])
}

// Without a limit of its memory Redis throws nothing away, whatever the policy is.
function judgePolicy(detail: string, info: ReadonlyMap<string, string>): Finding {
  const policy = info.get('maxmemory_policy') ?? 'noeviction'
  const limited = (info.get('maxmemory') ?? '0') !== '0'
  if (!limited || policy === 'noeviction') return passed(detail)
  return warning(
    `${detail} Its memory is limited, and its policy ${policy} throws away states and tickets when it is full.`,
    'Set maxmemory-policy to noeviction, or give the service a Redis of its own: logins that are thrown away end in state_invalid.',
    '请把 maxmemory-policy 设为 noeviction，或为本服务单独使用一个 Redis：被淘汰的登录会以 state_invalid 失败。',
  )
}

function notThere(host: string, trouble: unknown): Finding {
  const reason = trouble === undefined ? 'no answer within a second' : reasonOf(trouble)
  return failed(
    `Redis at ${host} cannot be used (${reason}).`,
    'Check that it runs, that this machine may connect, and user and password in "redis". The service signs without it, but refuses logins.',
    '请检查 Redis 是否运行、本机能否连接，以及 redis 中的用户名和密码。没有 Redis 时仍可签名，但会拒绝登录。',
  )
}

function notUsable(host: string, error: unknown): Finding {
  return failed(
    `Redis at ${host} answers, but cannot be used (${reasonOf(error)}).`,
    'Check that it is no read-only replica, is not full, and that the user in "redis" may use GET, SET, GETDEL and EVAL.',
    '请确认它不是只读副本、内存未满，并且 redis 中的用户有权使用 GET、SET、GETDEL 和 EVAL。',
  )
}

function tooOld(host: string, version: string): Finding {
  return failed(
    `Redis at ${host} has version ${version}.`,
    `Use Redis ${OLDEST.join('.')} or later: tickets are taken once by GETDEL.`,
    `请使用 Redis ${OLDEST.join('.')} 或更高版本：一次性 ticket 依赖 GETDEL。`,
  )
}
