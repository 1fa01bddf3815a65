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

/** The H5 page inside the phone. */
export interface Frame {
  open(settings: OpenFrame): void
  send(message: ToBridge): void
  close(): void
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
  onLoad: () => void,
): Frame {
  let frame: HTMLIFrameElement | undefined
  let origin: string | undefined
  let scheme: 'light' | 'dark' = 'light'

  window.addEventListener('message', (event) => {
    if (frame === undefined || event.source !== frame.contentWindow) return
    const message = open<ToPhone>(event.data)
    if (message === undefined) return
    if (message.type === 'hello') origin = event.origin
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
      next.addEventListener('load', onLoad)
      next.src = url
      origin = undefined
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
    setScheme(next) {
      scheme = next
      if (frame !== undefined) frame.style.colorScheme = next
    },
  }
}
