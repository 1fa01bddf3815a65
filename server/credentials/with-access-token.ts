import { isServiceError } from '../errors.ts'
import { explainErrcode } from '../wechat/errcodes.ts'
import type { Vault } from './vault.ts'

/**
 * Calls WeChat with the account's access_token; when WeChat says the token is no good (40001, 40014, 42001), has
 * it refreshed and calls once more.
 *
 * @throws {ServiceError} what the second call said, or why there is no token
 */
export async function withAccessToken<T>(
  vault: Pick<Vault, 'get' | 'refused'>,
  appId: string,
  call: (accessToken: string) => Promise<T>,
  requestId?: string,
): Promise<T> {
  const token = await vault.get(appId, 'access_token', requestId)
  try {
    return await call(token.value)
  } catch (error) {
    if (!isServiceError(error) || error.errcode === undefined) throw error
    if (explainErrcode(error.errcode).retry !== 'refresh_token') throw error
    const next = await vault.refused(appId, 'access_token', token.value, requestId)
    if (next.value === token.value) throw error
    return call(next.value)
  }
}
