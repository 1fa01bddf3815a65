import type { BridgeProfile } from '../../bridge-protocol.ts'
import type { AnswerStyle } from '../profiles.ts'
import type { BridgeUi, MenuState, ShareContents } from '../ui.ts'
import type { LocalImages } from './local-images.ts'

/** The end of an answer (`ok`, `cancel`, `fail`, `wwan` …) and the fields beside it. */
export interface NativeAnswer {
  status: string
  fields?: Record<string, unknown>
  /** Runs when the page has its answer. */
  after?: () => void
}

/** What one simulated client knows and may use while it answers. */
export interface NativeContext {
  readonly profile: BridgeProfile
  readonly style: AnswerStyle
  readonly ui: Required<BridgeUi>
  readonly images: LocalImages
  readonly menu: MenuState
  readonly shareContents: ShareContents
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
