import type { BridgeProfile, VerifyAnswer, VerifyRequest } from '../bridge-protocol.ts'
import type { BridgeCall } from './calls.ts'
import type { CardVerdict } from './card-keeper.ts'
import type { ShareButton, ShareTarget } from './native-names.ts'
import { isRecord } from './plain-copy.ts'
import { isBridgeProfile } from './profiles.ts'
import type {
  MenuState,
  NetworkType,
  PickedImage,
  Place,
  ScannedCode,
  ShareCard,
  ShareContents,
} from './ui.ts'
import type {
  AddCardQuestion,
  Beacon,
  ChooseCardQuestion,
  OpenTagQuestion,
  PayQuestion,
  PostalAddress,
  ViewCardQuestion,
} from './ui-questions.ts'
import type { ClientLanguage } from './user-agent.ts'

/** Version of the messages between a page's bridge and the phone around it; other versions are not listened to. */
export const phoneProtocolVersion = 1

/** Settings of a frame of the phone, written as JSON into `window.name`: `{"wxSandbox":{…}}`. */
export interface FrameSettings {
  profile: BridgeProfile
  /** Base address of the sandbox. */
  sandbox: string
  /** Origin of the phone; default: the sandbox's. Messages go there and to nobody else. */
  phone?: string
  /** Language of the client; default: the browser's. */
  language?: ClientLanguage
  /** Milliseconds until `WeixinJSBridge` appears; default: at once. */
  bridgeDelayMs?: number
  /** Id of the sandbox's visitor at this phone; default: whoever is looking. */
  visitor?: string
  /** appId of the mini program around the page; default: none. */
  miniProgram?: string
}

/** A question of WeChat to the person at the phone. */
export type PhoneQuestion =
  | { kind: 'scan'; needResult: boolean; scanType: string[] }
  | { kind: 'images'; count: number; sizeType: string[]; sourceType: string[] }
  | { kind: 'location'; type: string }
  | { kind: 'share'; target: ShareTarget; card: ShareCard; scene?: 'favorite' }

/** The person's answers, by kind of question. */
export interface PhoneAnswers {
  scan: ScannedCode | 'cancel'
  images: { images: PickedImage[]; source: 'album' | 'camera' } | 'cancel'
  location: Place | 'deny' | 'cancel' | 'fail'
  share: 'confirm' | 'cancel'
}

/**
 * Questions for phones that have a screen for them: a phone lists the kinds it can answer in its welcome, and all
 * others are answered without it.
 */
export type SheetQuestion =
  | ({ kind: 'add-card' } & AddCardQuestion)
  | ({ kind: 'choose-card' } & ChooseCardQuestion)
  | ({ kind: 'view-card' } & ViewCardQuestion)
  | ({ kind: 'pay' } & PayQuestion)
  | ({ kind: 'red-packet' } & PayQuestion)
  | { kind: 'address' }
  | { kind: 'record' }
  | ({ kind: 'open-tag' } & OpenTagQuestion)

/** The person's answers, by kind of sheet. */
export interface SheetAnswers {
  'add-card': 'add' | 'cancel' | 'fail'
  'choose-card': { picked: number[] } | 'cancel' | 'fail'
  'view-card': 'close' | 'cancel' | 'fail'
  pay: 'ok' | 'cancel' | 'fail'
  'red-packet': 'ok' | 'cancel' | 'fail'
  address: PostalAddress | 'cancel' | 'deny' | 'fail'
  record: 'allow' | 'cancel' | 'deny' | 'fail'
  'open-tag': 'launch' | 'cancel' | 'error'
}

/** What the phone shows without an answer. */
export type PhoneNotice =
  | { kind: 'preview'; current: string; urls: string[] }
  | { kind: 'map'; latitude: number; longitude: number; name: string; address: string }
  | { kind: 'close' }
  | { kind: 'menu'; menu: MenuState }
  | { kind: 'share-contents'; contents: ShareContents }
  | { kind: 'verdict'; request: VerifyRequest; answer: VerifyAnswer }
  | { kind: 'card-verdict'; verdict: CardVerdict }
  | { kind: 'product'; productId: string; viewType: string }
  | { kind: 'mini-program'; name: string; arg: Record<string, unknown> }

/** The document in the frame. */
export interface PageState {
  title: string
  url: string
  landingUrl: string
  canGoBack: boolean
}

/** Messages from the page's bridge to the phone. */
export type ToPhone =
  | { type: 'hello'; profile: BridgeProfile; page: PageState }
  | { type: 'page'; page: PageState }
  | { type: 'call'; call: BridgeCall }
  | { type: 'question'; id: number; question: PhoneQuestion }
  | { type: 'sheet'; id: number; sheet: SheetQuestion }
  | { type: 'notice'; notice: PhoneNotice }

/** Settings of the phone that the bridge answers from without asking. */
export interface PhoneSwitches {
  networkType: NetworkType
  /** Bridge names that are denied. */
  denied: string[]
  /** How things end that have no screen of their own; what is left out goes well. */
  endings?: PhoneEndings
}

/** How things without a screen end. */
export interface PhoneEndings {
  translateVoice?: 'cancel' | 'fail'
  /** Uploads and downloads. */
  transfer?: 'cancel' | 'fail'
  /** Bluetooth is switched off. */
  beacons?: 'off'
}

/** An answer to a question or a sheet. */
export type PhoneAnswer = PhoneAnswers[keyof PhoneAnswers] | SheetAnswers[keyof SheetAnswers]

/** Messages from the phone to the page's bridge. */
export type ToBridge =
  | { type: 'welcome'; switches: PhoneSwitches; sheets?: readonly SheetQuestion['kind'][] }
  | { type: 'answer'; id: number; answer: PhoneAnswer }
  | { type: 'share'; target: ShareButton }
  /** Ends the recording, or what plays, as if its time were over. */
  | { type: 'voice-end'; of: 'record' | 'play' }
  | { type: 'beacons'; beacons: Beacon[] }
  | { type: 'back' }
  | { type: 'reload' }

/** Puts a message into its versioned envelope. */
export function seal<M extends ToPhone | ToBridge>(message: M): { wxSandbox: number; message: M } {
  return { wxSandbox: phoneProtocolVersion, message }
}

/** Opens an envelope; undefined for anything that is not a message of this version. The sender is checked by the caller. */
export function open<M extends ToPhone | ToBridge>(envelope: unknown): M | undefined {
  if (!isRecord(envelope) || envelope.wxSandbox !== phoneProtocolVersion) return undefined
  const message = envelope.message
  return isRecord(message) && typeof message.type === 'string' ? (message as M) : undefined
}

/** The name that makes a frame install the bridge. */
export function frameName(settings: FrameSettings): string {
  return JSON.stringify({ wxSandbox: settings })
}

/** Reads the settings out of a window's name; undefined for every other name. */
export function readFrameName(name: string): FrameSettings | undefined {
  if (!name.startsWith('{"wxSandbox"')) return undefined
  const settings = parse(name)
  if (!isRecord(settings) || !isBridgeProfile(settings.profile)) return undefined
  const { profile, sandbox, phone, language, bridgeDelayMs, visitor, miniProgram } = settings
  if (typeof sandbox !== 'string' || !/^https?:\/\//.test(sandbox)) return undefined
  return {
    profile,
    sandbox,
    ...(typeof phone === 'string' ? { phone } : {}),
    ...(language === 'zh_CN' || language === 'en' ? { language } : {}),
    ...(typeof bridgeDelayMs === 'number' ? { bridgeDelayMs } : {}),
    ...(typeof visitor === 'string' ? { visitor } : {}),
    ...(typeof miniProgram === 'string' ? { miniProgram } : {}),
  }
}

function parse(name: string): unknown {
  try {
    const value: unknown = JSON.parse(name)
    return isRecord(value) ? value.wxSandbox : undefined
  } catch {
    return undefined
  }
}
