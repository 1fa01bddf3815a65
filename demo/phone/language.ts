import { type Word, words } from './words.ts'

/** The languages of the phone. */
export type Language = 'zh' | 'en'

let current: Language = 'zh'
const listeners = new Set<() => void>()

/** The language now. */
export function language(): Language {
  return current
}

/** Changes the language; everything that was translated follows. */
export function setLanguage(next: Language): void {
  current = next
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en'
  for (const listener of listeners) listener()
}

/** Runs when the language has changed. */
export function onLanguage(listener: () => void): void {
  listeners.add(listener)
}

/** A text in the current language, with `{name}` filled in. */
export function t(word: Word, values: Record<string, string | number> = {}): string {
  const text: string = words[word][current === 'zh' ? 0 : 1]
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

/** True when a name has a text of its own. */
export function isWord(name: string): name is Word {
  return Object.hasOwn(words, name)
}

/** Keeps the text of an element in the current language. */
export function live<E extends Element>(element: E, word: Word): E {
  const show = () => {
    element.textContent = t(word)
  }
  show()
  onLanguage(show)
  return element
}

/** Keeps the label of an icon button in the current language. */
export function liveLabel<E extends Element>(element: E, word: Word): E {
  const show = () => {
    element.setAttribute('aria-label', t(word))
    element.setAttribute('title', t(word))
  }
  show()
  onLanguage(show)
  return element
}
