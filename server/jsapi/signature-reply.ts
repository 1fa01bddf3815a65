import { JSON_TYPE, type Reply } from '../http/reply.ts'
import type { PageSignature } from './signature.ts'

/**
 * The answer to a page: `jsonReply(signature)`, put together by hand.
 *
 * Nonce and signature are letters and digits; what is not known to be, `JSON.stringify` writes.
 */
export function signatureReply({ appId, timestamp, nonceStr, signature, url }: PageSignature): Reply {
  return {
    status: 200,
    body: `{"appId":${JSON.stringify(appId)},"timestamp":${timestamp},"nonceStr":"${nonceStr}","signature":"${signature}","url":${JSON.stringify(url)}}`,
    contentType: JSON_TYPE,
  }
}
