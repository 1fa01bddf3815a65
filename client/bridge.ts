import { type Answer, errMsgOf, isOk, refusal } from './answer.ts'
import { bridgeName } from './api-names.ts'
import type { JsApiName } from './api-types.ts'
import type { Bridge, PageWindow } from './page.ts'
import type { Signature } from './service.ts'
import type { OpenTag, Timeouts } from './types.ts'
import { within } from './within.ts'

/** The bridge, now or when WeChat has put it into the page. */
export function waitForBridge(window: PageWindow, { bridgeMs }: Timeouts): Promise<Bridge> {
  return within(bridgeMs, 'bridge', (resolve) => {
    const look = () => window.WeixinJSBridge && resolve(window.WeixinJSBridge)
    look()
    window.document.addEventListener('WeixinJSBridgeReady', look, { once: true })
  })
}

/**
 * Lets WeChat verify a signature.
 *
 * Done here and not by `wx.config`, because the SDK calls everybody who waits for `wx.ready` also after a refusal.
 */
export async function preVerify(
  bridge: Bridge,
  { appId, timestamp, nonceStr, signature, url }: Signature,
  jsApiList: readonly JsApiName[],
  openTagList: readonly OpenTag[] | undefined,
  { verifyMs }: Timeouts,
): Promise<void> {
  const answer = await within<Answer | undefined>(verifyMs, 'config', (resolve) =>
    bridge.invoke(
      'preVerifyJSAPI',
      {
        verifyJsApiList: jsApiList.map(bridgeName),
        ...(openTagList && { verifyOpenTagList: [...openTagList] }),
        appId,
        verifyAppId: appId,
        verifySignType: 'sha1',
        verifyTimestamp: `${timestamp}`,
        verifyNonceStr: nonceStr,
        verifySignature: signature,
      },
      resolve,
    ),
  )
  const errMsg = errMsgOf('config', answer)
  if (isOk(errMsg)) return
  throw refusal(`verifying ${url}`, errMsg, answer)
}
