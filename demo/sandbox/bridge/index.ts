import { installInPhone } from './install-in-phone.ts'

export type { BridgeProfile, VerifyAnswer, VerifyExplanation, VerifyRequest } from '../bridge-protocol.ts'
export type {
  AddCardAnswer,
  AddCardRequest,
  AddCardVerdict,
  CardCause,
  CardExplanation,
  CardFace,
  CardText,
  ChooseCardAnswer,
  ChooseCardRequest,
  OwnedCard,
  ViewCardAnswer,
  ViewCardRequest,
} from '../card-protocol.ts'
export type { BridgeCall } from './calls.ts'
export type { CardKeeper, CardVerdict } from './card-keeper.ts'
export { installWeixinBridge } from './install.ts'
export type { ShareButton, ShareTarget } from './native-names.ts'
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
export type {
  AddCardQuestion,
  Beacon,
  ChooseCardQuestion,
  OfferedCard,
  OpenTagQuestion,
  PayQuestion,
  PostalAddress,
  ViewCardQuestion,
} from './ui-questions.ts'
export type { Verifier } from './verify.ts'
export type { WeixinJsBridge } from './wire.ts'

// In a frame of the phone the script installs itself before the page's own scripts run; elsewhere it waits to be called.
if (typeof window !== 'undefined') installInPhone(window)
