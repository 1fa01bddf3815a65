import { createHash } from 'node:crypto'
import type { VerifyRequest } from '../../../demo/sandbox/index.ts'
import { account } from './asking.ts'

export const NONCE = 'Wm3WZYTPz0wzccnW'
export const TIMESTAMP = '1414587457'
export const PAGE = 'https://h5.example.com/shop?id=1'

export function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}

export function sign(ticket: string, url: string): string {
  return sha1(`jsapi_ticket=${ticket}&noncestr=${NONCE}&timestamp=${TIMESTAMP}&url=${url}`)
}

/** What a client asks for a page at one address. */
export function request(signature: string, changed: Partial<VerifyRequest> = {}): VerifyRequest {
  return {
    profile: 'android',
    landingUrl: PAGE,
    currentUrl: PAGE,
    appId: account.appId,
    timestamp: TIMESTAMP,
    nonceStr: NONCE,
    signature,
    signType: 'sha1',
    jsApiList: ['scanQRCode'],
    ...changed,
  }
}
