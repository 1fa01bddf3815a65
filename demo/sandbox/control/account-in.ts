import type { Sandbox } from '../types.ts'
import { refuse } from './read-body.ts'

/** The account that was named, or the only one there is. */
export function accountIn(sandbox: Pick<Sandbox, 'snapshot'>, appId: string | undefined): string {
  const known = sandbox.snapshot().accounts.map((account) => account.appId)
  const only = known.length === 1 ? known[0] : undefined
  const found = appId === undefined ? only : known.find((each) => each === appId)
  if (found !== undefined) return found
  throw appId === undefined
    ? refuse(400, 'invalid_request', 'The sandbox has several accounts; name one with appId.')
    : refuse(404, 'unknown_account', `The sandbox has no account ${appId}.`)
}
