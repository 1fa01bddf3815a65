import type { openPanel } from './debug.ts'
import { WeixinError } from './errors.ts'

declare global {
  interface Window {
    WxH5KitDebug?: { readonly openPanel: typeof openPanel }
  }
}

const own = typeof document === 'undefined' ? null : (document.currentScript as HTMLScriptElement | null)

/** What `load-debug.ts` is in the build for one script tag: the panel is a second script beside the first. */
export function loadDebug(): Promise<typeof openPanel> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = new URL('wx-h5-kit.debug.min.js', own?.src || location.href).href
    script.onload = () => {
      if (window.WxH5KitDebug) resolve(window.WxH5KitDebug.openPanel)
      else script.onerror?.('')
    }
    script.onerror = () =>
      reject(new WeixinError('failed', 'debug', `${script.src} is not there: put it beside the first script`))
    document.head.append(script)
  })
}
