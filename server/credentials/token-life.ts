import type { Clock } from '../clock.ts'
import { ServiceError } from '../errors.ts'
import type { Credential, CredentialKind } from './credential.ts'
import type { Vault } from './vault.ts'

/** A credential, and the whole seconds it lives at this instant: at least one. */
export interface LivingCredential {
  readonly credential: Credential
  readonly expiresInS: number
}

/**
 * The credential that the vault holds now, with its exact remaining life.
 *
 * In its last second, where the life would have to be rounded to nothing or beyond the truth, it waits for the next
 * one instead.
 *
 * @throws {ServiceError} why there is none
 */
export async function livingCredential(
  vault: Pick<Vault, 'latest' | 'state'>,
  clock: Pick<Clock, 'sleep'>,
  appId: string,
  kind: CredentialKind,
  requestId: string,
): Promise<LivingCredential> {
  const inHand = look(vault, appId, kind)
  if (typeof inHand !== 'number') return inHand
  await clock.sleep(Math.ceil(inHand) + 1)
  await vault.latest(appId, kind, requestId)
  const next = look(vault, appId, kind)
  if (typeof next !== 'number') return next
  throw new ServiceError('wechat_bad_answer', `WeChat gave a ${kind} that lives less than a second.`, {
    hint: 'Ask again; if this lasts, compare the clock of this machine with the real time. 请稍后重试；如果持续出现，请检查服务器时钟。',
    retryAfterS: 1,
  })
}

/** What lives a second or more; else the milliseconds until nothing does. */
function look(vault: Pick<Vault, 'state'>, appId: string, kind: CredentialKind): LivingCredential | number {
  const { current, leftMs } = vault.state(appId, kind)
  if (current === undefined || leftMs < 1_000) return leftMs
  return { credential: current, expiresInS: Math.floor(leftMs / 1_000) }
}
