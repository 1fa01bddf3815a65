import { installInPhone } from './install-in-phone.ts'

export type { BridgeProfile, VerifyAnswer, VerifyExplanation, VerifyRequest } from '../bridge-protocol.ts'
export type { BridgeCall } from './calls.ts'
export { installWeixinBridge } from './install.ts'
export type { ShareTarget } from './native-names.ts'
export type { BridgeOptions, InstalledBridge } from './options.ts'
export { platforms, userAgents } from './profiles.ts'
export type {
  BridgeUi,
  MenuState,
  NetworkType,
  PickedImage,
  Place,
  ScannedCode,
  ShareCard,
  ShareContents,
} from './ui.ts'
export type { Verifier } from './verify.ts'
export type { WeixinJsBridge } from './wire.ts'

// In a frame of the phone the script installs itself before the page's own scripts run; elsewhere it waits to be called.
if (typeof window !== 'undefined') installInPhone(window)
