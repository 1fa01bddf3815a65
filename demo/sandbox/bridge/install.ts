import { writeFailure } from './answers.ts'
import { appear } from './appear.ts'
import { catchBeacon } from './beacon.ts'
import { type BridgeCall, createCallLog } from './calls.ts'
import { chooseSandbox } from './choose-sandbox.ts'
import { createClient, isKnown, type WrittenAnswer } from './client.ts'
import { showLocalImages } from './local-image-tags.ts'
import type { NativeContext } from './native/api.ts'
import { createLocalImages } from './native/local-images.ts'
import { defaultCard } from './native/share.ts'
import { createVoices } from './native/voices.ts'
import { shareInvokes } from './native-names.ts'
import { createOpenTags, showOpenTags } from './open-tags.ts'
import type { BridgeOptions, InstalledBridge } from './options.ts'
import { answerStyles } from './profiles.ts'
import { reportCalls } from './report-calls.ts'
import { defaultUi } from './ui.ts'
import { overrideUserAgent } from './user-agent.ts'
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

  const random = (size: number): Uint8Array => crypto.getRandomValues(new Uint8Array(size))
  const scheme = answerStyles[profile].localIds
  const images = createLocalImages(scheme, random)
  const chosen = chooseSandbox(options, target)
  const voices = createVoices({
    scheme,
    random,
    now: chosen.now,
    later,
    push: (event, payload) => push(event, payload),
  })
  const context: NativeContext = {
    profile,
    style: answerStyles[profile],
    ui: { ...defaultUi, ...options.ui },
    images,
    menu: { shown: true, hidden: [] },
    shareContents: {},
    voices,
    cards: chosen.cards,
    quirks: {
      cardListShape: options.cardListShape ?? 'string',
      addCardCode: options.addCardCode ?? 'plain',
      addCardRefusal: options.addCardRefusal ?? 'fail',
      emptyChooseCard: options.emptyChooseCard ?? 'cancel',
    },
    doing: { searchesBeacons: false, favors: false },
    visitor: options.visitor,
    inMiniProgram: options.miniProgram !== undefined,
    appId: () => client.verified()?.appId ?? '',
    now: chosen.now,
    push: (event, payload) => push(event, payload),
    onCardVerdict: (verdict) => options.onCardVerdict?.(verdict),
    page: () => ({ title: document.title, url: location.href }),
    knows: isKnown,
  }
  const openTags = createOpenTags(target, async (question) => context.ui.openTag(question))
  const client = createClient({
    profile,
    context,
    verify: chosen.verify,
    address: () => ({ landingUrl, currentUrl: location.href }),
    answers: options.answers ?? {},
    onVerdict: (request, answer) => options.onVerdict?.(request, answer),
    onAccepted: ({ openTags: names }) => showOpenTags(openTags, names, context),
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

  if (options.overrideUserAgent === true)
    overrideUserAgent(target, profile, options.language, options.miniProgram?.appId)
  if (profile === 'ios' || profile === 'wecom-ios')
    Object.defineProperty(target, '__wxjs_is_wkwebview', { value: true, configurable: true, writable: true })
  const releaseBeacon = catchBeacon(target, options.sandbox, (query) => {
    log.finish(log.start({ kind: 'beacon', name: 'sdk/report', args: query, url: location.href }), {})
  })
  const hideImages = showLocalImages(document, images)
  const cancelAppearance = appear(target, wire.bridge, options)

  return {
    profile,
    landingUrl,
    bridge: wire.bridge,
    calls: log.calls,
    verified() {
      const state = client.verified()
      return state && { appId: state.appId, apis: [...state.apis], openTags: [...state.openTags] }
    },
    push,
    share(button) {
      const favors = button === 'favorite'
      const target = favors ? 'appMessage' : button
      const { event } = shareInvokes[target]
      context.doing.favors = favors && wire.listens(event)
      if (wire.listens(event))
        push(event, { shareTo: button, scene: button === 'appMessage' ? 'friend' : button })
      else {
        const scene = favors ? { scene: 'favorite' as const } : {}
        void context.ui.share({ target, card: defaultCard(target, context), ...scene })
      }
    },
    endRecording: () => voices.endRecording(),
    endPlaying: () => voices.endPlaying(),
    beaconsInRange(beacons) {
      if (!context.doing.searchesBeacons) return false
      push('onBeaconsInRange', { beacons: [...beacons] })
      return true
    },
    uninstall() {
      cancelAppearance()
      releaseBeacon()
      hideImages()
      openTags.release()
      if (target.WeixinJSBridge === wire.bridge) Reflect.deleteProperty(target, 'WeixinJSBridge')
      Reflect.deleteProperty(target, '__wxjs_is_wkwebview')
      Reflect.deleteProperty(target, '__wxjs_environment')
    },
  }
}
