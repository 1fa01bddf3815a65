import { ServiceError } from '../errors.ts'
import type { AllowedRedirect, RedirectProblem } from './redirect-target.ts'
import { readRedirectTarget } from './redirect-target.ts'

/** What authInfo needs to know of an account. */
export interface AuthInfoAccount {
  readonly appId: string
  readonly appSecret: string
  readonly portIds: readonly number[]
  readonly redirects: readonly AllowedRedirect[]
}

const reasons: Record<RedirectProblem, string> = {
  not_absolute: 'it is not an absolute http:// or https:// address with a host',
  forbidden_character: 'it holds a space, a control character, a backslash or a broken character',
  user_info: 'it has a user name before the host',
  host_not_canonical: 'its host is not written the way browsers write it',
  too_long: 'it is too long',
  not_allowed: 'it is not on the list of this account',
}

/** @throws {ServiceError} `unknown_account` when no account has this port */
export function accountOfPort(
  accounts: Iterable<AuthInfoAccount>,
  portid: string,
): { account: AuthInfoAccount; portId: number } {
  const portId = /^\d{1,15}$/.test(portid) ? Number(portid) : Number.NaN
  for (const account of accounts) {
    if (account.portIds.includes(portId)) return { account, portId }
  }
  throw new ServiceError('unknown_account', 'No account has this portid.', {
    hint: 'Compare portid with accounts[].portIds of the service. 请核对 portid 与服务端 portIds 配置。',
  })
}

/** The target, if people may be sent there. @throws {ServiceError} `redirect_not_allowed` with the reason */
export function assertRedirect(account: AuthInfoAccount, redirectPath: string): URL {
  const { url, problem } = readRedirectTarget(redirectPath, account.redirects)
  if (problem === undefined) return url
  throw new ServiceError(
    'redirect_not_allowed',
    `Nobody is sent to this redirectPath: ${reasons[problem]}.`,
    {
      hint: 'Add scheme://host[:port][/prefix] of your page to accounts[].redirects (WX_REDIRECTS), and encode redirectPath once with encodeURIComponent. 请将页面地址加入 redirects 配置。',
    },
  )
}
