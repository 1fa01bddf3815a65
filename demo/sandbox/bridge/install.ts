import { writeFailure } from './answers.ts'
import { catchBeacon } from './beacon.ts'
import { type BridgeCall, createCallLog } from './calls.ts'
import { createClient, isKnown, type WrittenAnswer } from './client.ts'
import { showLocalImages } from './local-image-tags.ts'
import type { NativeContext } from './native/api.ts'
import { createLocalImages } from './native/local-images.ts'
import { defaultCard } from './native/share.ts'
import { shareInvokes } from './native-names.ts'
import type { BridgeOptions, InstalledBridge } from './options.ts'
import { answerStyles } from './profiles.ts'
import { reportCalls } from './report-calls.ts'
import { defaultUi } from './ui.ts'
import { overrideUserAgent } from './user-agent.ts'
import { httpVerifier, type Verifier } from './verify.ts'
import { createWire, type WeixinJsBridge } from './wire.ts'

/**
 * Puts a simulated WeChat client into a window: `WeixinJSBridge`, its event, and the marks pages look for.
 *
 * The address of the document is taken down now, as the landing URL iOS verifies: install before any script of
 * the page runs.
 *
 * ```ts
 * installWeixinBridge({ profile: 'ios', sandbox: 'http://localhost:8788' })
 * ```
 */
export function installWeixinBridge(options: BridgeOptions): InstalledBridge {
  const target = (options.target ?? window) as Window &
    typeof globalThis & { WeixinJSBridge?: WeixinJsBridge }
  const { profile } = options
  const { document, location } = target
  const later = target.setTimeout.bind(target)
  const now = target.Date.now.bind(target.Date)
  const crypto = target.crypto
  const landingUrl = location.href
  const report = options.sandbox === undefined ? () => undefined : reportCalls(options.sandbox, target)
  const log = createCallLog(now, (call) => {
    options.onCall?.(call)
    if (call.ms !== undefined) report(profile, call)
  })

  const images = createLocalImages(answerStyles[profile].localIds, (size) =>
    crypto.getRandomValues(new Uint8Array(size)),
  )
  const context: NativeContext = {
    profile,
    style: answerStyles[profile],
    ui: { ...defaultUi, ...options.ui },
    images,
    menu: { shown: true, hidden: [] },
    shareContents: {},
    page: () => ({ title: document.title, url: location.href }),
    knows: isKnown,
  }
  const client = createClient({
    profile,
    context,
    verify: chooseVerifier(options, target),
    address: () => ({ landingUrl, currentUrl: location.href }),
    answers: options.answers ?? {},
    onVerdict: (request, answer) => options.onVerdict?.(request, answer),
  })

  const settle = async (call: BridgeCall, callbackId: string): Promise<void> => {
    const { answer, after } = await client
      .answer(call.name, call.args)
      .catch((reason: unknown): WrittenAnswer => ({ answer: writeFailure(call.name, reason) }))
    later(() => {
      log.finish(call, answer)
      if (after !== undefined) later(after, 0)
      wire.answer(callbackId, answer)
    }, options.answerDelayMs ?? 4)
  }
  const wire = createWire({
    invoke(name, args, callbackId) {
      void settle(log.start({ kind: 'invoke', name, args, url: location.href }), callbackId)
    },
    log(message) {
      log.finish(log.start({ kind: 'event', name: 'log', args: { message }, url: location.href }), {})
    },
  })
  const push = (event: string, payload: Record<string, unknown> = {}): void => {
    log.finish(log.start({ kind: 'event', name: event, args: payload, url: location.href }), {})
    wire.push(event, payload)
  }

  if (options.overrideUserAgent === true) overrideUserAgent(target, profile, options.language)
  if (profile === 'ios' || profile === 'wecom-ios')
    Object.defineProperty(target, '__wxjs_is_wkwebview', { value: true, configurable: true, writable: true })
  const releaseBeacon = catchBeacon(target, options.sandbox, (query) => {
    log.finish(log.start({ kind: 'beacon', name: 'sdk/report', args: query, url: location.href }), {})
  })
  const hideImages = showLocalImages(document, images)
  const cancelAppearance = appear(target, wire.bridge, options.bridgeDelayMs)

  return {
    profile,
    landingUrl,
    bridge: wire.bridge,
    calls: log.calls,
    verified() {
      const state = client.verified()
      return state && { appId: state.appId, apis: [...state.apis] }
    },
    push,
    share(button) {
      const { event } = shareInvokes[button]
      if (wire.listens(event))
        push(event, { shareTo: button, scene: button === 'appMessage' ? 'friend' : button })
      else void context.ui.share({ target: button, card: defaultCard(button, context) })
    },
    uninstall() {
      cancelAppearance()
      releaseBeacon()
      hideImages()
      if (target.WeixinJSBridge === wire.bridge) Reflect.deleteProperty(target, 'WeixinJSBridge')
      Reflect.deleteProperty(target, '__wxjs_is_wkwebview')
    },
  }
}

function chooseVerifier(options: BridgeOptions, target: Window & typeof globalThis): Verifier {
  if (options.verify !== undefined) return options.verify
  if (options.sandbox !== undefined) return httpVerifier(options.sandbox, target.fetch.bind(target))
  return () => ({ errMsg: 'pre_verify_jsapi:fail' })
}

function appear(
  target: Window & typeof globalThis & { WeixinJSBridge?: WeixinJsBridge },
  bridge: WeixinJsBridge,
  delayMs: number | undefined,
): () => void {
  const { document } = target
  const announce = () => document.dispatchEvent(new target.Event('WeixinJSBridgeReady'))
  const put = () => {
    target.WeixinJSBridge = bridge
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
