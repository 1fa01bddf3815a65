/** One possible cause with what to do about it, for people: in English and in Chinese. */
export interface Cause {
  readonly en: string
  readonly zh: string
}

/** Makes a cause from its two sentences. */
export const cause = (en: string, zh: string): Cause => ({ en, zh })
