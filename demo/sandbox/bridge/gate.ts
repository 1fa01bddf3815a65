import { shareInvokes, shareTargetOf } from './native-names.ts'

/** What a successful verification allows. */
export interface Verified {
  appId: string
  /** Bridge names and menu events. */
  apis: ReadonlySet<string>
  /** Names of `openTagList`, as the page wrote them. */
  openTags: readonly string[]
}

/**
 * Functions a page may call without a verified configuration.
 *
 * Everything else must stand in the verified list: a page that works here must not fail on a phone.
 *
 * | bridge name | why it is open |
 * |---|---|
 * | `preVerifyJSAPI` | it is the verification |
 * | `checkJsApi` | asks about the client, not about the account |
 * | `getNetworkType` | the SDK calls it by itself after every configuration, refused ones included |
 * | `invokeMiniProgramAPI` | in a mini program its own business; elsewhere it is not open |
 */
const openToAll: ReadonlySet<string> = new Set(['preVerifyJSAPI', 'checkJsApi', 'getNetworkType'])

/** What the gate says to one call. */
export type GateVerdict = 'open' | 'unverified'

/**
 * Decides whether a page may call a function now.
 *
 * A share invoke such as `sendAppMessage` is covered by its menu event (`menu:share:appmessage`), because that
 * is the name under which the SDK verifies it.
 */
export function passGate(
  name: string,
  args: Record<string, unknown>,
  verified: Verified | undefined,
  inMiniProgram = false,
): GateVerdict {
  if (openToAll.has(name) || (inMiniProgram && name === 'invokeMiniProgramAPI')) return 'open'
  if (verified === undefined) return 'unverified'
  const appId = args.verifyAppId
  if (typeof appId === 'string' && appId !== '' && appId !== verified.appId) return 'unverified'
  const target = shareTargetOf(name)
  const covered = target !== undefined && verified.apis.has(shareInvokes[target].event)
  return covered || verified.apis.has(name) ? 'open' : 'unverified'
}
