import { ServiceError } from '../errors.ts'
import { sha256 } from '../sha256.ts'
import { type AuthInfoAccount, assertRedirect } from './accounts.ts'
import { buildAuthorizeUrl } from './authorize-url.ts'
import type { FlowCookie } from './flow-cookie.ts'
import type { Flow, FlowResult, FlowStore } from './flow-store.ts'
import type { Identified } from './identify.ts'
import { buildLandingUrl } from './landing-url.ts'
import type { TicketContent } from './ticket.ts'

export interface FlowParts {
  readonly accounts: ReadonlyMap<string, AuthInfoAccount>
  readonly flows: FlowStore
  readonly cookie: FlowCookie
  /** 128 random bits or more, `[a-zA-Z0-9]`. */
  readonly newState: () => string
  readonly identify: (account: AuthInfoAccount, code: string, requestId?: string) => Promise<Identified>
  readonly issueTicket: (content: TicketContent) => Promise<string>
  /**
   * Hears of every step of a login, once: `started`, `started_over`, `landed`, `access_denied`, `snapshot_user`, or
   * the code of the failure. The account is empty where the state belongs to none.
   */
  readonly onOutcome?: (appId: string, outcome: string) => void
  readonly authorizeUrl: string
  /** Our own callback as browsers reach it, from the configuration. */
  readonly callbackUrl: string
  /** Whether a browser that lost its cookie is sent on all the same. */
  readonly stateCookie: 'required' | 'preferred'
}

/** On the way to WeChat, with the cookie that ties the state to the browser. */
export interface Departure {
  readonly location: string
  readonly setCookie: string
}

export interface Callback {
  readonly state: string
  readonly code: string | undefined
  readonly cookies: string | undefined
  readonly requestId?: string
}

const MAX_ATTEMPTS = 2

/** Sends a visitor to WeChat: a new state, tied to this browser. */
export async function startFlow(parts: FlowParts, flow: Omit<Flow, 'cookieHash'>): Promise<Departure> {
  const state = parts.newState()
  const secret = parts.newState()
  await parts.flows.start(state, { ...flow, cookieHash: sha256(secret) })
  parts.onOutcome?.(flow.appId, flow.attempt === 1 ? 'started' : 'started_over')
  return {
    location: buildAuthorizeUrl({
      appId: flow.appId,
      redirectUri: parts.callbackUrl,
      scope: flow.scope,
      state,
      authorizeUrl: parts.authorizeUrl,
    }),
    setCookie: parts.cookie.set(state, secret),
  }
}

/**
 * Finishes what {@link startFlow} began, when WeChat sends the visitor back.
 *
 * Who asks again from the same browser within a minute gets the same answer, whatever arrives in parallel; another
 * browser gets nothing. A browser that lost its cookie starts over once.
 *
 * @throws {ServiceError} `state_invalid`, `redirect_not_allowed`, or why WeChat could not be asked
 */
export async function finishFlow(parts: FlowParts, callback: Callback): Promise<Departure | FlowResult> {
  let appId = ''
  try {
    return await finish(parts, callback, (flow) => {
      appId = flow.appId
    })
  } catch (error) {
    parts.onOutcome?.(appId, error instanceof ServiceError ? error.code : 'internal_error')
    throw error
  }
}

async function finish(
  parts: FlowParts,
  callback: Callback,
  onFound: (flow: Flow) => void,
): Promise<Departure | FlowResult> {
  const { flows } = parts
  let restarted: Departure | undefined
  const flow = await flows.find(callback.state)
  if (flow === undefined) throw stateInvalid('This state is unknown, used up, or older than ten minutes.')
  onFound(flow)
  const secret = parts.cookie.read(callback.cookies, callback.state)
  if (secret === undefined && parts.stateCookie === 'required') return startOver(parts, flow)
  if (secret !== undefined && sha256(secret) !== flow.cookieHash) {
    throw stateInvalid('This state was given to another browser.')
  }
  const result = await flows.once(callback.state, async () => {
    try {
      return await answer(parts, flow, callback)
    } catch (error) {
      if (!(error instanceof ServiceError) || error.code !== 'code_invalid') throw error
      // Whoever waits for this result is the same browser, and gets the cookie with the answer below.
      restarted = await startOver(parts, flow)
      return { location: restarted.location }
    }
  })
  if (result === undefined) throw stateInvalid('This state is used up.')
  return restarted ?? result
}

/** Sends the visitor to WeChat again, once. @throws {ServiceError} `login_loop` the second time */
async function startOver(parts: FlowParts, flow: Flow): Promise<Departure> {
  if (flow.attempt >= MAX_ATTEMPTS) {
    throw new ServiceError('login_loop', 'Signing in was tried twice and did not come to an end.', {
      hint: "This web view loses cookies or repeats requests. Close the page and open it again from the chat; if that does not help, clear the data of WeChat's web view. 微信网页丢失了 Cookie 或重复请求，请关闭页面后从聊天中重新打开。",
    })
  }
  const { cookieHash: _, ...again } = flow
  return startFlow(parts, { ...again, attempt: flow.attempt + 1 })
}

async function answer(parts: FlowParts, flow: Flow, { code, requestId }: Callback): Promise<FlowResult> {
  const account = parts.accounts.get(flow.appId)
  if (account === undefined) throw stateInvalid('The account of this state is not configured any more.')
  const target = flow.target === undefined ? undefined : assertRedirect(account, flow.target)
  const place = { portid: String(flow.portId), appid: flow.appId }
  const failed = (autherror: string): FlowResult => {
    parts.onOutcome?.(flow.appId, autherror)
    return target === undefined
      ? { body: JSON.stringify({ errcode: 403, msg: autherror }) }
      : { location: buildLandingUrl(target, { ...place, autherror }) }
  }
  if (code === undefined) return failed('access_denied')
  let identified: Identified
  try {
    identified = await parts.identify(account, code, requestId)
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'snapshot_user') return failed('snapshot_user')
    throw error
  }
  const { identity, profile } = identified
  const result: FlowResult =
    target === undefined
      ? { body: JSON.stringify(profile?.raw ?? { openid: identity.openid }) }
      : {
          location: buildLandingUrl(target, {
            ...place,
            openid: identity.openid,
            userid: identity.userId,
            unionid: identity.unionid,
            ticket: await parts.issueTicket({ ...identity, portId: flow.portId }),
            unionidabsent: identity.unionidAbsentBecause,
          }),
        }
  parts.onOutcome?.(flow.appId, 'landed')
  return result
}

function stateInvalid(message: string): ServiceError {
  return new ServiceError('state_invalid', message, {
    hint: 'Go back to the page and sign in anew. 请返回页面重新授权。',
  })
}
