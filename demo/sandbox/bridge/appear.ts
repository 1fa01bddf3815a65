import type { BridgeOptions } from './options.ts'
import type { WeixinJsBridge } from './wire.ts'

/**
 * Puts `WeixinJSBridge` into the window, now or late, and announces it.
 *
 * @returns a function that holds back what has not happened yet.
 */
export function appear(
  target: Window & typeof globalThis & { WeixinJSBridge?: WeixinJsBridge },
  bridge: WeixinJsBridge,
  { bridgeDelayMs: delayMs, miniProgram }: BridgeOptions,
): () => void {
  const { document } = target
  const announce = () => document.dispatchEvent(new target.Event('WeixinJSBridgeReady'))
  const put = () => {
    target.WeixinJSBridge = bridge
    if (miniProgram !== undefined) Reflect.set(target, '__wxjs_environment', 'miniprogram')
  }
  if (delayMs !== undefined) {
    const timer = target.setTimeout(() => {
      put()
      announce()
    }, delayMs)
    return () => target.clearTimeout(timer)
  }
  put()
  if (document.readyState !== 'loading') {
    const timer = target.setTimeout(announce, 0)
    return () => target.clearTimeout(timer)
  }
  document.addEventListener('DOMContentLoaded', announce, { once: true })
  return () => document.removeEventListener('DOMContentLoaded', announce)
}
