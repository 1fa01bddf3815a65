import type { CallLog } from '../call-log.ts'
import type { FaultList } from '../faults.ts'
import type { HeldRequests } from '../held-requests.ts'
import { answerPage, PAGES } from '../oauth/table.ts'
import type { Fault } from '../types.ts'
import type { World } from '../world.ts'
import { type Answer, jsonAnswer, refusalAnswer } from './answer.ts'
import type { Caller } from './caller.ts'
import { Refusal } from './refusal.ts'
import type { ApiRequest } from './request.ts'
import { changedAnswer, replacedAnswer } from './spoil.ts'
import { APIS } from './table.ts'

const SLOW_MS = 3000
const WRONG_CLOCK_MS = 3_600_000

export interface ApiDependencies {
  readonly world: World
  readonly faults: FaultList
  readonly calls: CallLog
  readonly held: HeldRequests
}

/** Answers a request to one of WeChat's paths: an API, or a page that people see. */
export async function answerApi(
  { world, faults, calls, held }: ApiDependencies,
  request: Request,
  caller: Caller,
): Promise<Response> {
  const url = new URL(request.url)
  const path = url.pathname.slice(1)
  const body = request.method === 'GET' || request.method === 'HEAD' ? '' : await request.text()
  const hits = APIS.has(path) || PAGES.has(path) ? faults.takeFor(path) : []
  const end = calls.arrive(
    {
      at: world.now(),
      method: request.method,
      host: url.host,
      path,
      query: Object.fromEntries(url.searchParams),
      body,
      ip: caller.ip,
    },
    hits.map(({ kind }) => kind),
  )

  const delayMs = delayOf(hits)
  if (delayMs > 0 && !(await held.wait(delayMs, request.signal))) return caller.breakConnection()
  if (hits.some(({ kind }) => kind === 'reset')) return caller.breakConnection()

  const answer =
    replacedAnswer(world, path, hits, caller.ip) ??
    changedAnswer(
      handle(world, path, request.method, {
        url,
        query: url.searchParams,
        headers: request.headers,
        body,
        ip: caller.ip,
      }),
      hits,
    )
  end({ status: answer.status, ...(answer.errcode === undefined ? {} : { errcode: answer.errcode }) })
  return new Response(answer.body, {
    status: answer.status,
    headers: {
      ...answer.headers,
      'content-type': answer.contentType,
      date: dateHeader(world.now(), hits),
    },
  })
}

function handle(world: World, path: string, method: string, request: ApiRequest): Answer {
  if (path === 'sdk/report') return { status: 200, contentType: 'text/plain; charset=utf-8', body: '' }
  const page = PAGES.get(path)
  if (page !== undefined) return answerPage(world, page, method, request)
  const api = APIS.get(path)
  if (api === undefined) return unknownPath(path)
  try {
    if (method !== api.method) throw new Refusal(api.method === 'GET' ? 43001 : 43002)
    return jsonAnswer(path, api.handle(world, request))
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(path, error, world.now(), world.random)
    throw error
  }
}

function unknownPath(path: string): Answer {
  const known = [...APIS.keys(), ...PAGES.keys()].map((name) => `/${name}`).join(', ')
  return {
    status: 404,
    contentType: 'text/plain; charset=utf-8',
    body:
      `wx-h5-kit sandbox: it plays no WeChat API at /${path}. It plays ${known}.\n` +
      `wx-h5-kit 沙箱：没有模拟微信接口 /${path}。\n`,
  }
}

function delayOf(faults: readonly Fault[]): number {
  if (faults.some(({ kind }) => kind === 'hang')) return Number.POSITIVE_INFINITY
  return faults.reduce((sum, { kind, delayMs }) => sum + (delayMs ?? (kind === 'slow' ? SLOW_MS : 0)), 0)
}

function dateHeader(now: number, faults: readonly Fault[]): string {
  const offsets = faults
    .filter(({ kind }) => kind === 'wrong_clock')
    .map(({ offsetMs }) => offsetMs ?? WRONG_CLOCK_MS)
  return new Date(offsets.reduce((at, offsetMs) => at + offsetMs, now)).toUTCString()
}
