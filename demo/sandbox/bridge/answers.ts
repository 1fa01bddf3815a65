import type { BridgeProfile } from '../bridge-protocol.ts'
import type { NativeAnswer } from './native/api.ts'
import { nativePrefix } from './native-names.ts'

/** Why a client refuses a call before the function itself is reached. */
export type Refusal = 'unverified' | 'denied' | 'unknown'

/** Writes the answer of a function down as its client does. */
export function writeAnswer(
  profile: BridgeProfile,
  name: string,
  answer: NativeAnswer,
): Record<string, unknown> {
  if (answer.status === 'access_denied') return writeRefusal(profile, name, 'denied')
  // The SDK turns `confirm` into `ok` only in err_msg; a ready errMsg it leaves alone.
  const ready = answer.status === 'confirm' ? 'ok' : answer.status
  return profile === 'devtools'
    ? { errMsg: `${name}:${ready}`, ...answer.fields }
    : { err_msg: `${nativePrefix(name)}:${answer.status}`, ...answer.fields }
}

/** Writes down that the client itself could not answer, for example because the sandbox is away. */
export function writeFailure(name: string, reason: unknown): Record<string, unknown> {
  const text = reason instanceof Error ? reason.message : String(reason)
  return { err_msg: `${nativePrefix(name)}:fail`, err_desc: text }
}

/** Writes a refusal down as its client does. */
export function writeRefusal(
  profile: BridgeProfile,
  name: string,
  refusal: Refusal,
): Record<string, unknown> {
  if (refusal === 'unknown') return { err_msg: 'system:function_not_exist' }
  if (refusal === 'denied')
    return profile === 'wecom-ios'
      ? { errMsg: `${name}:fail_nopermission` }
      : { err_msg: 'system:access_denied' }
  const text = 'the permission value is offline verifying'
  if (profile === 'devtools' || profile === 'wecom-ios') return { errMsg: `${name}:fail, ${text}` }
  return { err_msg: `${nativePrefix(name)}:${text}` }
}
