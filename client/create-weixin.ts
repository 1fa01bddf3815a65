import { thisPage } from './page.ts'
import type { Weixin, WeixinOptions } from './types.ts'
import { createWeixinOn } from './weixin.ts'

/**
 * Makes a page's way to WeChat.
 *
 * Does nothing by itself: the first `ready()`, `call()` or `share()` asks the service for a signature and lets WeChat
 * verify it. Outside WeChat each of them rejects at once with `not_in_wechat`. A rejection nobody handles is not
 * reported by the browser; `onStep` hears of it all the same.
 *
 * @example
 * ```ts
 * import { createWeixin } from 'wx-h5-kit'
 *
 * const weixin = createWeixin({ service: 'https://mem.example.com/mp', jsApiList: ['scanQRCode'] })
 * const { resultStr } = await weixin.call('scanQRCode', { needResult: 1 })
 * ```
 */
export function createWeixin(options: WeixinOptions): Weixin {
  return createWeixinOn(thisPage, options)
}
