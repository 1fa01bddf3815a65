import type { Clock } from '../clock.ts'
import type { AccountConfig } from '../config/types.ts'
import type { CredentialStore } from '../credentials/store.ts'
import { ServiceError } from '../errors.ts'
import type { WechatTransport } from '../wechat/transport.ts'
import { checkLogin } from './check-login.ts'
import { checkPageDomains } from './check-page-domains.ts'
import { checkSecret } from './check-secret.ts'
import { checkSignature } from './check-signature.ts'
import { checkCardTicket, checkPageTicket } from './check-tickets.ts'
import { createFindTicket } from './living-ticket.ts'
import { skipped, type Take } from './step.ts'

export interface AccountParts {
  readonly take: Take
  readonly clock: Clock
  readonly fetch: typeof fetch
  readonly newName: () => string
  readonly transport: WechatTransport
  /** Whether any host of WeChat answers. */
  readonly reachable: boolean
  readonly credentials: Pick<CredentialStore, 'read'> | undefined
  /** Where the sandbox is, when WeChat is one. */
  readonly sandbox: string | undefined
  readonly publicUrl: string | undefined
  readonly authorizeUrl: string
}

/** Takes every step that is about one account. */
export async function examineAccount(
  parts: AccountParts,
  account: AccountConfig,
  page: string | undefined,
): Promise<void> {
  const { take, transport, clock } = parts
  const { appId } = account
  let token: string | undefined
  await take(
    'secret',
    async () => {
      if (!parts.reachable) return skipped('WeChat is not reachable.')
      const checked = await checkSecret(transport, account)
      token = checked.token
      return checked.finding
    },
    appId,
  )
  const findTicket = createFindTicket(
    parts.credentials,
    transport,
    async () => token ?? noToken(appId),
    clock,
  )
  const tickets = { findTicket, accepted: token !== undefined }
  const forPages = await take('jsapi_ticket', () => checkPageTicket(tickets, account), appId)
  await take('card_ticket', () => checkCardTicket(tickets, account), appId)
  await take('page_domains', () => checkPageDomains(account), appId)
  await take(
    'signature',
    () => {
      if (page === undefined) return skipped('There is no page to sign.')
      if (forPages.status !== 'passed') return skipped('There is no ticket to sign with.')
      return checkSignature({ ...parts, findTicket, newNonce: parts.newName }, account, page)
    },
    appId,
  )
  await take('login', () => checkLogin({ ...parts, newState: parts.newName }, account), appId)
}

function noToken(appId: string): never {
  throw new ServiceError('wechat_refused', `There is no access_token for ${appId}.`)
}
