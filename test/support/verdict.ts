import type { Sandbox } from '../../demo/sandbox/index.ts'
import { account, PAGE } from './service.ts'

/** What `/v1/jsapi/signature` answered, with its HTTP status. */
export interface SignatureAnswer {
  readonly status: number
  readonly code?: string
  readonly errcode?: number
  readonly detail?: string
  readonly retryAfterS?: number
  readonly signature?: string
  readonly nonceStr?: string
  readonly timestamp?: number
}

export async function readSignatureAnswer(response: Response): Promise<SignatureAnswer> {
  const retryAfter = response.headers.get('retry-after')
  const fields = (await response.json()) as object
  return {
    ...fields,
    status: response.status,
    ...(retryAfter === null ? {} : { retryAfterS: Number(retryAfter) }),
  }
}

/** What a WeChat client says to a signature right now: {@link VERIFIED}, or why not. */
export function verdictOn(sandbox: Sandbox, answer: SignatureAnswer): string {
  if (answer.status !== 200) return `HTTP ${answer.status} ${answer.code}`
  const { errMsg } = sandbox.verifyConfig({
    profile: 'ios',
    landingUrl: PAGE,
    currentUrl: PAGE,
    appId: account.appId,
    timestamp: String(answer.timestamp),
    nonceStr: answer.nonceStr ?? '',
    signature: answer.signature ?? '',
    signType: 'sha1',
    jsApiList: ['chooseImage'],
  })
  return errMsg
}

/** What {@link verdictOn} says to a good signature. */
export const VERIFIED = 'pre_verify_jsapi:ok'
