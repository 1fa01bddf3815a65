import type { Clock } from '../clock.ts'
import { isServiceError } from '../errors.ts'
import type { RandomBytes } from '../random.ts'
import { createTransport } from '../wechat/transport.ts'
import { describeFailure } from './describe-failure.ts'
import { type Finding, failed, passed, warning } from './step.ts'

export interface CheckedWechat {
  readonly finding: Finding
  /** The hosts that answered as WeChat does, in the configured order. */
  readonly reached: readonly string[]
  /** By how much the clock of this machine is ahead of WeChat's; absent when no answer said the time. */
  readonly clockAheadMs: number | undefined
}

/** An API that needs a token: asked without one it refuses, and whoever refuses like that is WeChat. */
const ASKED = 'cgi-bin/getcallbackip'

/** Whether every configured host answers as WeChat does. Sends no credential. */
export async function checkWechat(
  apiHosts: readonly string[],
  world: { readonly fetch: typeof fetch; readonly clock: Clock; readonly random: RandomBytes },
): Promise<CheckedWechat> {
  let clockAheadMs: number | undefined
  const failures = await Promise.all(
    apiHosts.map(async (host): Promise<Finding | undefined> => {
      const ask = createTransport({
        ...world,
        apiHosts: [host],
        observe: (call) => {
          clockAheadMs ??= call.clockAheadMs
        },
      })
      try {
        await ask({ method: 'GET', path: ASKED })
        return undefined
      } catch (error) {
        return isServiceError(error) && error.errcode !== undefined ? undefined : describeFailure(error)
      }
    }),
  )
  const reached = apiHosts.filter((_, index) => failures[index] === undefined)
  return {
    finding: judge(
      apiHosts,
      reached,
      failures.find((failure) => failure !== undefined),
    ),
    reached,
    clockAheadMs,
  }
}

function judge(
  apiHosts: readonly string[],
  reached: readonly string[],
  failure: Finding | undefined,
): Finding {
  if (failure === undefined)
    return passed(`${reached.join(', ')} ${reached.length === 1 ? 'answers' : 'answer'}.`)
  const { detail, fix = '', fixZh = '' } = failure
  if (reached.length === 0) return failed(detail, fix, fixZh)
  const silent = apiHosts.filter((host) => !reached.includes(host)).join(', ')
  return warning(`${reached.join(', ')} answers, ${silent} does not. ${detail}`, fix, fixZh)
}
