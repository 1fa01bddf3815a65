import { el } from './dom.ts'
import type { Language } from './language.ts'
import type { Card, Page } from './page.ts'
import { shareImage } from './share-image.ts'

/** Header: the product, one line of what it is, the language, and how it stands right now. */
export function hero(page: Page): Card {
  const title = el('h1', { class: 'hero-title' })
  const lead = el('p', { class: 'hero-lead' })
  const dot = el('span', { class: 'dot', 'aria-hidden': true })
  const stateText = el('span')

  const languageButton = (language: Language, name: string): HTMLButtonElement =>
    el(
      'button',
      {
        class: 'language',
        type: 'button',
        lang: language === 'zh' ? 'zh-CN' : 'en',
        on: { click: () => page.language.choose(language) },
      },
      name,
    )
  const languages = { zh: languageButton('zh', '中文'), en: languageButton('en', 'EN') }
  const group = el('div', { class: 'languages', role: 'group' }, languages.zh, languages.en)

  const element = el(
    'header',
    { class: 'hero' },
    el(
      'div',
      { class: 'hero-inner' },
      el(
        'div',
        { class: 'hero-bar' },
        el(
          'div',
          { class: 'brand' },
          el('img', { class: 'brand-mark', src: shareImage, width: 34, height: 34, alt: '' }),
          el('span', {}, 'wx-h5-kit'),
          el('span', { class: 'brand-version' }, page.settings.version),
        ),
        group,
      ),
      title,
      lead,
      el('p', { class: 'hero-state' }, dot, stateText),
    ),
  )

  const render = (): void => {
    const { hero: words, state: stateWords } = page.language.texts
    const { state } = page.connection
    title.textContent = words.title
    lead.textContent = words.lead
    group.setAttribute('aria-label', words.language)
    for (const [language, button] of Object.entries(languages)) {
      button.setAttribute('aria-pressed', String(language === page.language.current))
    }
    dot.className = state.phase === 'running' ? 'spinner' : `dot dot-${state.phase}`
    stateText.textContent = stateWords[state.phase](state.ms)
  }
  page.connection.onChange(render)
  return { element, render }
}
