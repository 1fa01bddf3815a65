import type { Clock } from '../clock.ts'
import { ServiceError } from '../errors.ts'
import type { OneTimeStore } from '../storage/one-time.ts'
import type { OAuthScope } from './authorize-url.ts'

/** One visitor's way through WeChat, known under its state. */
export interface Flow {
  readonly appId: string
  readonly portId: number
  readonly scope: OAuthScope
  /** `redirectPath` as it was sent; absent when the answer is shown instead of sent on. */
  readonly target?: string
  /** SHA-256 of the cookie that the browser got with this state. */
  readonly cookieHash: string
  /** 1 for the first start, 2 for the one automatic new start. */
  readonly attempt: number
}

/** How a flow ended, kept for whoever asks again from the same browser. */
export type FlowResult = { readonly location: string } | { readonly body: string }

export interface FlowStore {
  start(state: string, flow: Flow): Promise<void>
  find(state: string): Promise<Flow | undefined>
  /**
   * Does the work under a key once in the world and gives everybody its result, for a minute.
   *
   * Work that fails is not remembered, so that trying again can succeed.
   *
   * @returns `undefined` when the work was done longer ago
   */
  once(key: string, work: () => Promise<FlowResult>): Promise<FlowResult | undefined>
}

/** How long a visitor may take between the two redirects. */
export const FLOW_TTL_MS = 600_000
const RESULT_TTL_MS = 60_000
/** Longer than the slowest exchange with WeChat: after this nobody is at it any more. */
const LONGEST_EXCHANGE_MS = 15_000
const POLL_MS = 50

/** Keeps flows in a one-time store, which all replicas share. */
export function createFlowStore(store: OneTimeStore, clock: Clock): FlowStore {
  return {
    start: (state, flow) => store.put(`flow:${state}`, JSON.stringify(flow), FLOW_TTL_MS),
    async find(state) {
      const flow = await store.read(`flow:${state}`)
      return flow === undefined ? undefined : (JSON.parse(flow) as Flow)
    },
    async once(key, work) {
      if (await store.add(`claim:${key}`, String(clock.now()), FLOW_TTL_MS)) return claimed(key, work)
      const result = await waitForOthers(key)
      if (result === 'given up') throw failedElsewhere()
      return result
    },
  }

  async function claimed(key: string, work: () => Promise<FlowResult>): Promise<FlowResult> {
    try {
      const result = await work()
      await store.put(`result:${key}`, JSON.stringify(result), RESULT_TTL_MS)
      return result
    } catch (error) {
      await store.take(`claim:${key}`)
      throw error
    }
  }

  async function waitForOthers(key: string): Promise<FlowResult | 'given up' | undefined> {
    for (;;) {
      const result = await store.read(`result:${key}`)
      if (result !== undefined) return JSON.parse(result) as FlowResult
      const claimedAt = await store.read(`claim:${key}`)
      if (claimedAt === undefined) return 'given up'
      if (clock.now() - Number(claimedAt) > LONGEST_EXCHANGE_MS) return undefined
      await clock.sleep(POLL_MS)
    }
  }
}

function failedElsewhere(): ServiceError {
  return new ServiceError('wechat_busy', 'The same request failed a moment ago.', {
    hint: 'Reload the page. 请刷新页面重试。',
    retryAfterS: 1,
  })
}
