import type { BridgeProfile } from '../sandbox/bridge/index.ts'
import { frameName, open, seal, type ToBridge, type ToPhone } from '../sandbox/bridge/phone-protocol.ts'

/** How a page is opened in the phone. */
export interface OpenFrame {
  url: string
  profile: BridgeProfile
  sandbox: string
  language: 'zh_CN' | 'en'
  bridgeDelayMs: number
}

/** What has loaded: a page with a bridge, a page of WeChat itself, or one that knows neither. */
export type Loaded = { kind: 'page' } | { kind: 'wechat'; url: string; title: string } | { kind: 'stranger' }

/** The H5 page inside the phone. */
export interface Frame {
  open(settings: OpenFrame): void
  send(message: ToBridge): void
  close(): void
  /** Loads a page of WeChat again; false where its address alone would not bring it back. */
  reloadWechat(): boolean
  /** Lets the page see light or dark, as WeChat does. */
  setScheme(scheme: 'light' | 'dark'): void
}

/**
 * Keeps one iframe with the page and speaks to the bridge in it.
 *
 * Only messages of that iframe's own window are heard; answers go to the origin that last said hello.
 */
export function createFrame(
  host: HTMLElement,
  onMessage: (message: ToPhone) => void,
  onLoad: (loaded: Loaded) => void,
  onLeaveWechat: () => void,
): Frame {
  let frame: HTMLIFrameElement | undefined
  let origin: string | undefined
  let scheme: 'light' | 'dark' = 'light'
  // A page says hello before it has loaded; one that loads without a word has no bridge.
  let helloed = false

  const wechatWindow = (): Window | undefined => {
    // The sandbox serves the phone too: its pages are the only ones the phone may look into.
    const inside = frame?.contentDocument
    return inside !== null && inside?.URL.startsWith(`${location.origin}/`) === true
      ? (inside.defaultView ?? undefined)
      : undefined
  }
  const loaded = (): void => {
    const knowsBridge = helloed
    helloed = false
    if (knowsBridge) {
      onLoad({ kind: 'page' })
      return
    }
    origin = undefined
    const wechat = wechatWindow()
    wechat?.addEventListener('pagehide', onLeaveWechat)
    onLoad(
      wechat === undefined
        ? { kind: 'stranger' }
        : { kind: 'wechat', url: wechat.location.href, title: wechat.document.title },
    )
  }

  window.addEventListener('message', (event) => {
    if (frame === undefined || event.source !== frame.contentWindow) return
    const message = open<ToPhone>(event.data)
    if (message === undefined) return
    if (message.type === 'hello') {
      origin = event.origin
      helloed = true
    }
    if (event.origin === origin) onMessage(message)
  })

  return {
    open({ url, profile, sandbox, language, bridgeDelayMs }) {
      const next = document.createElement('iframe')
      next.name = frameName({
        profile,
        sandbox,
        language,
        phone: location.origin,
        ...(bridgeDelayMs === 0 ? {} : { bridgeDelayMs }),
      })
      next.title = 'H5'
      next.allow = 'clipboard-write; geolocation'
      next.style.colorScheme = scheme
      next.addEventListener('load', loaded)
      next.src = url
      origin = undefined
      helloed = false
      host.replaceChildren(next)
      frame = next
    },
    send(message) {
      if (origin !== undefined) frame?.contentWindow?.postMessage(seal(message), origin)
    },
    close() {
      frame?.remove()
      frame = undefined
      origin = undefined
    },
    reloadWechat() {
      const wechat = wechatWindow()
      // The answer to the consent form is there once.
      if (wechat === undefined || wechat.location.pathname.endsWith('/consent')) return false
      wechat.location.reload()
      return true
    },
    setScheme(next) {
      scheme = next
      if (frame !== undefined) frame.style.colorScheme = next
    },
  }
}
