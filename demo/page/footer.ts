import { el } from './dom.ts'
import type { Card, Page } from './page.ts'

export function footer(page: Page): Card {
  const element = el('footer', { class: 'footer' })
  return {
    element,
    render() {
      element.textContent =
        page.settings.sandbox === null ? page.language.texts.footer.real : page.language.texts.footer.sandbox
    },
  }
}
