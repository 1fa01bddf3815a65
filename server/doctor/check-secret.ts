import type { AccountConfig } from '../config/types.ts'
import { fetchStableToken } from '../wechat/access-token.ts'
import type { WechatTransport } from '../wechat/transport.ts'
import { describeFailure } from './describe-failure.ts'
import { type Finding, passed } from './step.ts'

export interface CheckedSecret {
  readonly finding: Finding
  readonly token: string | undefined
}

/**
 * Whether WeChat accepts the AppSecret, from this machine's address, now.
 *
 * Asks `cgi-bin/stable_token` without force, for accounts with classic tokens too: that replaces neither kind of token
 * of a running service, and a stored token would prove nothing about today's secret.
 */
export async function checkSecret(request: WechatTransport, account: AccountConfig): Promise<CheckedSecret> {
  try {
    const { value } = await fetchStableToken(request, account)
    const classic =
      account.tokenApi === 'classic'
        ? ' (Asked for a stable token, so that the classic one in use lives on.)'
        : ''
    return {
      finding: passed(`WeChat accepts the AppSecret and the address of this machine.${classic}`),
      token: value,
    }
  } catch (error) {
    return { finding: describeFailure(error), token: undefined }
  }
}
