import { installWeixinBridge } from './install.ts'
import type { InstalledBridge } from './options.ts'
import { watchPage } from './page-watch.ts'
import { open, readFrameName, seal, type ToBridge, type ToPhone } from './phone-protocol.ts'
import { createPhoneUi } from './phone-ui.ts'

/**
 * Installs the bridge when the window is a frame of the phone, which its name tells, and connects the two.
 *
 * Only messages from `window.parent` on the phone's origin are heard, and only there anything is sent.
 */
export function installInPhone(target: Window & typeof globalThis): InstalledBridge | undefined {
  const settings = readFrameName(target.name)
  if (settings === undefined) return undefined
  const { parent } = target
  const phoneOrigin = settings.phone ?? new URL(settings.sandbox).origin
  const post = parent.postMessage.bind(parent)
  const send = (message: ToPhone): void => {
    if (parent !== target) post(seal(message), phoneOrigin)
  }
  const phone = createPhoneUi(send, target.setTimeout.bind(target))
  const bridge = installWeixinBridge({
    profile: settings.profile,
    sandbox: settings.sandbox,
    target,
    ui: phone.ui,
    overrideUserAgent: true,
    onCall: (call) => send({ type: 'call', call }),
    onVerdict: (request, answer) => send({ type: 'notice', notice: { kind: 'verdict', request, answer } }),
    onCardVerdict: (verdict) => send({ type: 'notice', notice: { kind: 'card-verdict', verdict } }),
    ...(settings.visitor === undefined ? {} : { visitor: settings.visitor }),
    ...(settings.miniProgram === undefined ? {} : { miniProgram: { appId: settings.miniProgram } }),
    ...(settings.language === undefined ? {} : { language: settings.language }),
    ...(settings.bridgeDelayMs === undefined ? {} : { bridgeDelayMs: settings.bridgeDelayMs }),
  })
  const page = watchPage(target, bridge.landingUrl, () => send({ type: 'page', page: page.state() }))

  const receive = (message: ToBridge): void => {
    phone.receive(message)
    if (message.type === 'share') bridge.share(message.target)
    if (message.type === 'voice-end' && message.of === 'record') bridge.endRecording()
    if (message.type === 'voice-end' && message.of === 'play') bridge.endPlaying()
    if (message.type === 'beacons') bridge.beaconsInRange(message.beacons)
    if (message.type === 'back') page.back()
    if (message.type === 'reload') target.location.reload()
  }
  target.addEventListener('message', (event) => {
    if (event.source !== parent || event.origin !== phoneOrigin) return
    const message = open<ToBridge>(event.data)
    if (message === undefined) return
    event.stopImmediatePropagation()
    receive(message)
  })
  send({ type: 'hello', profile: settings.profile, page: page.state() })
  return bridge
}
