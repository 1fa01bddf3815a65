import { type CardKeeper, httpCardKeeper } from './card-keeper.ts'
import type { BridgeOptions } from './options.ts'
import { httpClock } from './sandbox-clock.ts'
import { httpVerifier, type Verifier } from './verify.ts'

/** What judges, knows the cards and tells the time: handed in, or the sandbox over HTTP, or nothing. */
export interface ChosenSandbox {
  readonly verify: Verifier
  readonly cards: CardKeeper | undefined
  readonly now: () => Promise<number>
}

export function chooseSandbox(
  { sandbox, verify, cards, now }: BridgeOptions,
  target: Window & typeof globalThis,
): ChosenSandbox {
  const ownNow = target.Date.now.bind(target.Date)
  const given = now === undefined ? undefined : async () => now()
  if (sandbox === undefined) {
    return {
      verify: verify ?? (() => ({ errMsg: 'pre_verify_jsapi:fail' })),
      cards,
      now: given ?? (async () => ownNow()),
    }
  }
  const fetchNow = target.fetch.bind(target)
  return {
    verify: verify ?? httpVerifier(sandbox, fetchNow),
    cards: cards ?? httpCardKeeper(sandbox, fetchNow),
    now: given ?? httpClock(sandbox, fetchNow, ownNow),
  }
}
