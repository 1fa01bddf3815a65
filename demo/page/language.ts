import { type Texts, texts } from './texts.ts'

export type Language = keyof typeof texts

export interface LanguageChoice {
  readonly current: Language
  readonly texts: Texts
  choose(language: Language): void
  onChange(listener: () => void): void
}

const key = 'wx-h5-demo-language'

// Storage throws where it is forbidden (private windows, some embedded frames): the choice then lasts for this view.
function remembered(): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function remember(language: Language): void {
  try {
    localStorage.setItem(key, language)
  } catch {
    return
  }
}

const isLanguage = (value: string | null): value is Language => value === 'zh' || value === 'en'

export function chooseLanguage(): LanguageChoice {
  const listeners: (() => void)[] = []
  const saved = remembered()
  let current: Language = isLanguage(saved) ? saved : /^zh\b/i.test(navigator.language) ? 'zh' : 'en'
  const apply = (): void => {
    document.documentElement.lang = texts[current].locale
    document.title = texts[current].title
  }
  apply()
  return {
    get current() {
      return current
    },
    get texts() {
      return texts[current]
    },
    choose(language) {
      current = language
      remember(language)
      apply()
      for (const listener of listeners) listener()
    },
    onChange(listener) {
      listeners.push(listener)
    },
  }
}
