import type { Connection } from './connection.ts'
import type { LanguageChoice } from './language.ts'
import type { CallLog } from './log.ts'
import type { Settings } from './settings.ts'
import type { Who } from './who.ts'

/** What every card is given. */
export interface Page {
  readonly settings: Settings
  readonly language: LanguageChoice
  readonly connection: Connection
  readonly log: CallLog
  readonly who: Who
  /** Says a short sentence to screen readers without moving anything on the page. */
  announce(text: string): void
}

/** A part of the page: made once, drawn again when the language or what it shows has changed. */
export interface Card {
  readonly element: HTMLElement
  render(): void
}
