import { type JsonObject, readExpiresIn, readText } from './read-answer.ts'
import type { WechatTransport } from './transport.ts'

export interface Issued {
  readonly value: string
  readonly expiresInS: number
}

export interface AccountSecret {
  readonly appId: string
  readonly appSecret: string
}

/**
 * Asks `cgi-bin/stable_token`: the same token for everybody until its last five minutes, so that several
 * servers cannot invalidate each other's.
 *
 * @param forceRefresh replaces a token that leaked or was refused; WeChat grants 20 a day, 30 s apart
 */
export async function fetchStableToken(
  request: WechatTransport,
  account: AccountSecret,
  forceRefresh = false,
): Promise<Issued> {
  const path = 'cgi-bin/stable_token'
  return readToken(
    await request({
      method: 'POST',
      path,
      body: {
        grant_type: 'client_credential',
        appid: account.appId,
        secret: account.appSecret,
        force_refresh: forceRefresh,
      },
    }),
    path,
  )
}

/** Asks `cgi-bin/token`: every call issues a new token, and the one before it lives five minutes more. */
export async function fetchClassicToken(request: WechatTransport, account: AccountSecret): Promise<Issued> {
  const path = 'cgi-bin/token'
  return readToken(
    await request({
      method: 'GET',
      path,
      query: { grant_type: 'client_credential', appid: account.appId, secret: account.appSecret },
    }),
    path,
  )
}

function readToken(answer: JsonObject, path: string): Issued {
  return { value: readText(answer, 'access_token', path), expiresInS: readExpiresIn(answer, path) }
}
