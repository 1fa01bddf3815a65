import type { Clock } from '../clock.ts'
import { isServiceError, ServiceError } from '../errors.ts'
import { type RandomBytes, randomFraction } from '../random.ts'
import { readLimitedText } from '../read-limited-text.ts'
import { explainErrcode } from './errcodes.ts'
import { badAnswer, type JsonObject, readAnswer } from './read-answer.ts'
import { readRefusal, refusal } from './refusal.ts'

export interface WechatRequest {
  readonly method: 'GET' | 'POST'
  /** Without a leading slash: `cgi-bin/token`. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: JsonObject
  /** The id of the HTTP request that waits for it, for log and traces; WeChat never sees it. */
  readonly requestId?: string
}

/** One try at one host, while it lasts. */
export interface Attempt {
  readonly method: WechatRequest['method']
  readonly path: string
  readonly host: string
  readonly requestId?: string
}

export interface UpstreamCall extends Omit<Attempt, 'method'> {
  /** `ok`, `errcode`, or the code of the failure. */
  readonly result: string
  /** What WeChat said, when it said no. */
  readonly errcode?: number
  readonly rid?: string
  readonly durationMs: number
  /** How far our wall clock is ahead of WeChat's `Date` header. */
  readonly clockAheadMs?: number
}

export interface TransportOptions {
  /** Origins in order of preference; the next one is tried when the network to one fails. */
  readonly apiHosts: readonly string[]
  readonly fetch: typeof fetch
  readonly clock: Clock
  readonly random: RandomBytes
  /** For one request with all its tries. Default 5,000. */
  readonly deadlineMs?: number
  readonly observe?: (call: UpstreamCall) => void
  /** Runs one try, for traces. Default: nothing is put around it. */
  readonly around?: (attempt: Attempt, run: () => Promise<JsonObject>) => Promise<JsonObject>
}

export type WechatTransport = (request: WechatRequest) => Promise<JsonObject>

const BUSY_TRIES = 3
const HOST_MEMORY_MS = 60_000
const FIRST_SHARE = 0.6
const MAX_ANSWER_BYTES = 1_048_576

/**
 * Makes the one place through which the service talks to WeChat.
 *
 * It has a deadline for everything; goes on to the next host when the network to one fails, and stays there
 * for a minute; tries again with jitter when WeChat says it is busy (-1); and survives what WeChat really
 * sends: errors inside HTTP 200, HTML, nothing at all.
 *
 * @throws {ServiceError} `wechat_unreachable`, `wechat_bad_answer`, `wechat_busy`, `wechat_refused`; never with
 *   a secret, a token or the raw answer in it.
 */
export function createTransport(options: TransportOptions): WechatTransport {
  const { apiHosts, clock, random, observe, around } = options
  const deadlineMs = options.deadlineMs ?? 5_000
  let preferred = 0
  let preferredUntil = 0

  async function attempt(request: WechatRequest, host: string, timeoutMs: number): Promise<JsonObject> {
    const startedAt = clock.monotonic()
    let clockAheadMs: number | undefined
    const report = (result: string, refused?: Pick<UpstreamCall, 'errcode' | 'rid'>): void =>
      observe?.({
        path: request.path,
        host,
        result,
        ...refused,
        ...idOf(request),
        durationMs: clock.monotonic() - startedAt,
        ...(clockAheadMs === undefined ? {} : { clockAheadMs }),
      })
    try {
      const response = await send(options.fetch, request, host, timeoutMs)
      const serverTime = Date.parse(response.headers.get('date') ?? '')
      if (Number.isFinite(serverTime)) clockAheadMs = clock.now() - serverTime
      const text = await readLimitedText(response.body, MAX_ANSWER_BYTES)
      if (text === undefined) throw badAnswer(request.path, `more than ${MAX_ANSWER_BYTES} bytes`)
      const answer = readAnswer(response.status, text, request.path)
      const refused = readRefusal(answer)
      report(refused === undefined ? 'ok' : 'errcode', refused)
      return answer
    } catch (error) {
      const failure = isServiceError(error) ? error : unreachable(host, timeoutMs, error)
      report(failure.code)
      throw failure
    }
  }

  function tryHost(request: WechatRequest, host: string, timeoutMs: number): Promise<JsonObject> {
    if (around === undefined) return attempt(request, host, timeoutMs)
    const { method, path } = request
    return around({ method, path, host, ...idOf(request) }, () => attempt(request, host, timeoutMs))
  }

  async function acrossHosts(request: WechatRequest, deadlineAt: number): Promise<JsonObject> {
    const first = clock.monotonic() < preferredUntil ? preferred : 0
    let failure: ServiceError | undefined
    let timedOut = false
    // A single host gets a second try too: a kept-alive connection that died says nothing about the host.
    for (let tried = 0; tried < Math.max(2, apiHosts.length); tried++) {
      const index = (first + tried) % apiHosts.length
      const host = apiHosts[index]
      const leftMs = deadlineAt - clock.monotonic()
      if (host === undefined || leftMs <= 0 || (timedOut && tried >= apiHosts.length)) break
      // Something is left for the next host, so that a black hole does not eat it all.
      const timeoutMs = Math.ceil(tried + 1 < apiHosts.length ? leftMs * FIRST_SHARE : leftMs)
      try {
        const answer = await tryHost(request, host, timeoutMs)
        preferred = index
        if (index !== 0) preferredUntil = clock.monotonic() + HOST_MEMORY_MS
        return answer
      } catch (error) {
        if (!isServiceError(error)) throw error
        failure = error
        timedOut = isTimeout(error.cause)
      }
    }
    throw failure ?? unreachable(apiHosts.join(', '), deadlineMs)
  }

  async function ask(wechatRequest: WechatRequest): Promise<JsonObject> {
    const deadlineAt = clock.monotonic() + deadlineMs
    for (let tries = 1; ; tries++) {
      const answer = await acrossHosts(wechatRequest, deadlineAt)
      const errcode = readRefusal(answer)?.errcode
      if (errcode === undefined) return answer
      const pauseMs = 100 * 2 ** tries * (0.5 + randomFraction(random))
      const busy = explainErrcode(errcode).retry === 'backoff'
      const hopeless = !busy || tries >= BUSY_TRIES || clock.monotonic() + pauseMs >= deadlineAt
      if (hopeless) throw refusal(wechatRequest.path, errcode, answer.errmsg)
      await clock.sleep(pauseMs)
    }
  }

  return async function request(wechatRequest) {
    try {
      return await ask(wechatRequest)
    } catch (error) {
      // Many may wait for this one answer: the log of each of them names who asked.
      if (isServiceError(error)) error.askedBy = wechatRequest.requestId
      throw error
    }
  }
}

/** The same way to WeChat, with the id of the HTTP request that waits in every line of the log. */
export function forRequest(transport: WechatTransport, requestId: string | undefined): WechatTransport {
  return requestId === undefined ? transport : (request) => transport({ ...request, requestId })
}

function idOf({ requestId }: WechatRequest): Pick<WechatRequest, 'requestId'> {
  return requestId === undefined ? {} : { requestId }
}

function send(
  fetchNow: typeof fetch,
  request: WechatRequest,
  host: string,
  timeoutMs: number,
): Promise<Response> {
  const query = request.query === undefined ? '' : `?${new URLSearchParams(request.query)}`
  return fetchNow(`${host}/${request.path}${query}`, {
    method: request.method,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    ...(request.body === undefined
      ? {}
      : { body: JSON.stringify(request.body), headers: { 'content-type': 'application/json' } }),
  })
}

// Of the cause only name and code are kept: messages of fetch can hold the URL, and with it the secret.
function unreachable(host: string, timeoutMs: number, cause?: unknown): ServiceError {
  const what = isTimeout(cause)
    ? `did not answer within ${Math.round(timeoutMs)} ms`
    : `could not be reached${networkCode(cause)}`
  return new ServiceError('wechat_unreachable', `${host} ${what}.`, {
    hint: 'Check that this machine may open HTTPS connections to WeChat (DNS, proxy, firewall); wechat.apiHosts names the hosts. 请检查本机能否访问微信接口域名。',
    retryAfterS: 2,
    ...(isTimeout(cause) ? { cause: new DOMException('timeout', 'TimeoutError') } : {}),
  })
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError'
}

function networkCode(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return /^[A-Z_0-9]{2,40}$/.test(code) ? ` (${code})` : ''
}
