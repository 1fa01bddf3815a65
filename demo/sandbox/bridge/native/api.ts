import type { BridgeProfile } from '../../bridge-protocol.ts'
import type { CardKeeper, CardVerdict } from '../card-keeper.ts'
import type { BridgeOptions } from '../options.ts'
import type { AnswerStyle } from '../profiles.ts'
import type { BridgeUi, MenuState, ShareContents } from '../ui.ts'
import type { LocalImages } from './local-images.ts'
import type { Voices } from './voices.ts'

/** The end of an answer (`ok`, `cancel`, `fail`, `wwan` …) and the fields beside it. */
export interface NativeAnswer {
  status: string
  fields?: Record<string, unknown>
  /** Runs when the page has its answer. */
  after?: () => void
}

/** Where clients differ, or nobody knows. */
export type CardQuirks = Required<
  Pick<BridgeOptions, 'cardListShape' | 'addCardCode' | 'addCardRefusal' | 'emptyChooseCard'>
>

/** What one simulated client knows and may use while it answers. */
export interface NativeContext {
  readonly profile: BridgeProfile
  readonly style: AnswerStyle
  readonly ui: Required<BridgeUi>
  readonly images: LocalImages
  readonly menu: MenuState
  readonly shareContents: ShareContents
  readonly voices: Voices
  /** Undefined without a sandbox. */
  readonly cards: CardKeeper | undefined
  readonly quirks: CardQuirks
  /** What the person is doing: searching beacons, putting the page into the favorites. */
  readonly doing: { searchesBeacons: boolean; favors: boolean }
  /** Id of the visitor at this phone; undefined for whoever is looking in the sandbox. */
  readonly visitor: string | undefined
  readonly inMiniProgram: boolean
  /** The account whose configuration was accepted; empty before. */
  appId(): string
  /** Epoch milliseconds of the sandbox. */
  now(): Promise<number>
  push(event: string, payload: Record<string, unknown>): void
  onCardVerdict(verdict: CardVerdict): void
  /** Title and address of the page, for a card that nobody described. */
  page(): { title: string; url: string }
  /** True when this client has a function of that bridge name. */
  knows(name: string): boolean
}

/** One function of the client. */
export type NativeApi = (
  args: Record<string, unknown>,
  context: NativeContext,
) => NativeAnswer | Promise<NativeAnswer>

/** The answer of a function that has nothing to tell. */
export const ok: NativeAnswer = { status: 'ok' }
