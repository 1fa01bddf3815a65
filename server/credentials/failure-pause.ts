import type { ServiceError } from '../errors.ts'
import { type RandomBytes, randomFraction } from '../random.ts'

/**
 * How long a failure is remembered before WeChat is asked again: 3 to 5 s when only a person can mend it (wrong
 * secret, white list, quota), otherwise from half a second, doubling up to five.
 */
export function pauseAfter(error: ServiceError, times: number, random: RandomBytes): number {
  const jitter = randomFraction(random)
  if (error.code === 'wechat_refused') return 3_000 + 2_000 * jitter
  return Math.min(5_000, 500 * 2 ** (times - 1)) * (0.5 + jitter / 2)
}

const IP_NOT_IN_WHITELIST = 40_164

/**
 * How long the other replicas hold back after a failure of ours: a little less than we do, so that another one tries
 * next; and a moment only when it is about this machine's address, because theirs may be on the white list.
 */
export function sharedPause(error: ServiceError, pauseMs: number): number {
  return error.errcode === IP_NOT_IN_WHITELIST ? 1_000 : pauseMs * 0.8
}
