import type { Fault, FaultKind } from '../types.ts'
import type { World } from '../world.ts'
import { type Answer, refusalAnswer } from './answer.ts'
import { dailyQuotaRefusal } from './checks.ts'
import { ipRefusal, Refusal } from './refusal.ts'

const MAINTENANCE_PAGE =
  '<!DOCTYPE html><html><head><title>系统维护</title></head><body><h1>系统繁忙，请稍后再试</h1></body></html>'

const REFUSALS: Partial<Record<FaultKind, (world: World, ip: string) => Refusal>> = {
  busy: () => new Refusal(-1),
  invalid_credential: () => new Refusal(40001),
  token_expired: () => new Refusal(42001),
  quota: dailyQuotaRefusal,
  ip_not_in_whitelist: (_world, ip) => ipRefusal(ip),
}

const PAGES: Partial<Record<FaultKind, Answer>> = {
  html: { status: 200, contentType: 'text/html; charset=utf-8', body: MAINTENANCE_PAGE },
  empty: { status: 200, contentType: 'text/html; charset=gbk', body: '' },
  http_500: { status: 500, contentType: 'text/plain; charset=utf-8', body: 'Internal Server Error' },
}

/** The answer a fault gives in place of the real one; undefined when the real one is to be given. */
export function replacedAnswer(
  world: World,
  path: string,
  faults: readonly Fault[],
  ip: string,
): Answer | undefined {
  for (const { kind } of faults) {
    const refusal = REFUSALS[kind]?.(world, ip)
    if (refusal !== undefined) return refusalAnswer(path, refusal, world.now(), world.random)
    if (PAGES[kind] !== undefined) return PAGES[kind]
  }
  return undefined
}

/** The real answer with what the faults do to it. */
export function changedAnswer(answer: Answer, faults: readonly Fault[]): Answer {
  const shortLife = faults.find(({ kind }) => kind === 'expires_in')
  const body = shortLife === undefined ? answer.body : withExpiresIn(answer.body, shortLife.expiresIn)
  const isCut = faults.some(({ kind }) => kind === 'truncated')
  return { ...answer, body: isCut ? body.slice(0, Math.floor(body.length / 2)) : body }
}

function withExpiresIn(body: string, expiresIn: unknown): string {
  const fields: unknown = JSON.parse(body)
  if (typeof fields !== 'object' || fields === null || !('expires_in' in fields)) return body
  return JSON.stringify({ ...fields, expires_in: expiresIn })
}
