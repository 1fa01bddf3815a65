import type { BridgeProfile, VerifyAnswer, VerifyRequest } from '../bridge-protocol.ts'
import type { BridgeCall } from './calls.ts'
import type { CardKeeper, CardVerdict } from './card-keeper.ts'
import type { ShareButton } from './native-names.ts'
import type { BridgeUi } from './ui.ts'
import type { Beacon } from './ui-questions.ts'
import type { ClientLanguage } from './user-agent.ts'
import type { Verifier } from './verify.ts'
import type { WeixinJsBridge } from './wire.ts'

/** How {@link installWeixinBridge} simulates a client. */
export interface BridgeOptions {
  /** The client to be. */
  profile: BridgeProfile
  /** Base address of a sandbox over HTTP, e.g. `http://localhost:8788`; it verifies and keeps the log. */
  sandbox?: string
  /** Judges configurations in this process instead; one of `sandbox` and `verify` is needed to be verified at all. */
  verify?: Verifier
  /** Knows the cards in this process, for example `createSandbox()`. Default: the sandbox at `sandbox`. */
  cards?: CardKeeper
  /** Id of the sandbox's visitor at this phone. Default: whoever is looking in the sandbox. */
  visitor?: string
  /** The page is in a web view of this mini program. Default: in an ordinary one. */
  miniProgram?: { appId: string }
  /** Clients differ: `card_list` of batchAddCard as JSON text (default), or as an array, on which the SDK throws. */
  cardListShape?: 'string' | 'array'
  /** Uncertain on WeChat: is the `code` of an added card plain (default) or encrypted? */
  addCardCode?: 'plain' | 'encrypted'
  /** Uncertain on WeChat: what a page is told when no card could be added. Default `fail`. */
  addCardRefusal?: 'fail' | 'cancel'
  /** Uncertain on WeChat: what a page is told when there is no card to choose: `cancel` (default), or ok with `[]`. */
  emptyChooseCard?: 'cancel' | 'ok'
  /** Epoch milliseconds, for recordings and uploads. Default: the clock of the sandbox at `sandbox`, else this machine's. */
  now?: () => number | Promise<number>
  /** The person at the phone; everything left out has a default answer. */
  ui?: BridgeUi
  /** The window to install into; default: this one. */
  target?: Window & typeof globalThis
  /** Also changes `navigator.userAgent` and `navigator.platform`. Default false. */
  overrideUserAgent?: boolean
  /** With `overrideUserAgent`: the client's language, also in `navigator.language`. Default: the browser's. */
  language?: ClientLanguage
  /** Milliseconds until `WeixinJSBridge` appears. Default: at once. `WeixinJSBridgeReady` follows in both cases. */
  bridgeDelayMs?: number
  /** Milliseconds until a callback runs, at the least. Default 4; never synchronous. */
  answerDelayMs?: number
  /** Answers of your own by bridge name, word for word, in front of everything else. */
  answers?: Readonly<Record<string, (args: Record<string, unknown>) => Record<string, unknown>>>
  /** Hears every call when it starts and again when it is answered. */
  onCall?: (call: BridgeCall) => void
  /** Hears every verdict on a configuration. */
  onVerdict?: (request: VerifyRequest, answer: VerifyAnswer) => void
  /** Hears what the keeper of the cards said, with the explanations no page sees. */
  onCardVerdict?: (verdict: CardVerdict) => void
}

/** A simulated client at work. */
export interface InstalledBridge {
  readonly profile: BridgeProfile
  /** Address of the document when the bridge was installed. */
  readonly landingUrl: string
  readonly bridge: WeixinJsBridge
  /** The newest 500 calls of this document. */
  readonly calls: readonly BridgeCall[]
  /** What is verified now: the newest accepted configuration; a refused one changes nothing. */
  verified(): { appId: string; apis: string[]; openTags: string[] } | undefined
  /** Taps a share button of the ⋯ menu: the page's listener answers it, or the card it has set is used. */
  share(target: ShareButton): void
  /** Pushes an event from the client to the page. */
  push(event: string, payload?: Record<string, unknown>): void
  /** Ends the recording as if its 60 seconds were over; false when there is none. */
  endRecording(): boolean
  /** Ends the voice that is playing as if it were over; false when there is none. */
  endPlaying(): boolean
  /** Shows beacons to a page that searches for them; false when it does not. */
  beaconsInRange(beacons: readonly Beacon[]): boolean
  /** Takes everything away again. */
  uninstall(): void
}
