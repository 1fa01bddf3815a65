import { createWeixin, isWeixinError, type Ready, type ReadyStep, type Weixin } from '../../client/index.ts'
import type { CallLog } from './log.ts'
import type { Settings } from './settings.ts'

// The one place that makes a `weixin`. The cards only look at the state here and draw it.

/** A step, and when it ended: steps overlap, so their durations alone do not tell the story. */
export type TimedStep = ReadyStep & { endMs: number }

export type ConnectionState = { steps: readonly TimedStep[]; ms: number } & (
  | { phase: 'running' }
  | { phase: 'ready'; ready: Ready }
  | { phase: 'failed'; error: unknown }
  | { phase: 'outside'; error: unknown }
)

export interface Connection {
  readonly state: ConnectionState
  readonly weixin: Weixin
  /** Begins again from nothing with a fresh `weixin`; never rejects, the state says how it went. */
  start(): Promise<void>
  onChange(listener: () => void): void
}

export function createConnection(settings: Settings, log: CallLog): Connection {
  const listeners: (() => void)[] = []
  let state: ConnectionState = { phase: 'running', steps: [], ms: 0 }
  let attempt = 0
  let startedAt = performance.now()

  const show = (next: ConnectionState): void => {
    state = next
    for (const listener of listeners) listener()
  }

  const connect = (thisAttempt: number): Weixin =>
    createWeixin({
      service: settings.service,
      ...(settings.portId === null ? {} : { portId: settings.portId }),
      onStep: (step) => {
        // A step of an attempt that was given up must not show in the new one.
        if (thisAttempt !== attempt) return
        show({ ...state, steps: [...state.steps, { ...step, endMs: performance.now() - startedAt }] })
      },
    })

  let weixin = connect(attempt)

  return {
    get state() {
      return state
    },
    get weixin() {
      return weixin
    },
    async start() {
      attempt += 1
      const thisAttempt = attempt
      weixin = connect(thisAttempt)
      startedAt = performance.now()
      show({ phase: 'running', steps: [], ms: 0 })
      const finish = (
        end: { phase: 'ready'; ready: Ready } | { phase: 'failed' | 'outside'; error: unknown },
      ) => {
        if (thisAttempt === attempt) {
          show({ ...end, steps: state.steps, ms: Math.round(performance.now() - startedAt) })
        }
      }
      try {
        const ready = await log.record('ready', { service: settings.service }, () => weixin.ready())
        finish({ phase: 'ready', ready })
      } catch (error) {
        const outside = isWeixinError(error) && error.code === 'not_in_wechat'
        finish({ phase: outside ? 'outside' : 'failed', error })
      }
    },
    onChange(listener) {
      listeners.push(listener)
    },
  }
}
