import { detectEnvironment } from '../../client/index.ts'
import { cardFrame } from './card-frame.ts'
import { el } from './dom.ts'
import type { Card, Page } from './page.ts'

const code = `import { detectEnvironment } from 'wx-h5-kit'

const { client, platform, version } =
  detectEnvironment()`

/** Where the page runs: read from the user agent, so it is known at once and needs no signature. */
export function environmentCard(page: Page): Card {
  const facts = el('dl', { class: 'facts' })
  const frame = cardFrame(page, 'environment', facts)
  const environment = detectEnvironment()

  const fact = (name: string, value: string): HTMLElement =>
    el(
      'div',
      { class: 'fact' },
      el('dt', { class: 'fact-name' }, name),
      el('dd', { class: 'fact-value' }, value),
    )

  const render = (): void => {
    const words = page.language.texts.environment
    frame.render(words, code)
    facts.replaceChildren(
      fact(words.client, words.clients[environment.client]),
      fact(words.platform, words.platforms[environment.platform]),
      fact(words.version, environment.version ?? words.none),
      fact(words.devtools, environment.devtools ? words.yes : words.no),
      fact(words.miniProgram, environment.miniProgram ? words.yes : words.no),
    )
  }
  return { element: frame.element, render }
}
