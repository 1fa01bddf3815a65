import { ServiceError } from './errors.ts'

/**
 * The account that a request means: the named one, or the only one when none is named.
 *
 * @throws {ServiceError} `unknown_account`, or `invalid_request` when a name is needed
 */
export function chooseAccount<Account>(
  accounts: ReadonlyMap<string, Account>,
  appId: string | undefined,
): Account {
  if (appId === undefined || appId === '') {
    const [only] = accounts.values()
    if (accounts.size === 1 && only !== undefined) return only
    throw new ServiceError(
      'invalid_request',
      'The request names no "appId", and several accounts are configured.',
      {
        hint: 'Send "appId" with the account that the page belongs to.',
      },
    )
  }
  const account = accounts.get(appId)
  if (account === undefined) {
    throw new ServiceError('unknown_account', 'No account with this "appId" is configured.', {
      hint: 'Compare "appId" with accounts[].appId (WX_APP_ID) of the service. 请核对 appId 与服务端配置。',
    })
  }
  return account
}
