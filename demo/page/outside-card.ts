import { detectEnvironment } from '../../client/index.ts'
import { el, icon } from './dom.ts'
import type { Card, Page } from './page.ts'

/** In an ordinary browser: says so, and how to come in. */
export function outsideCard(page: Page): Card {
  const environment = detectEnvironment()
  const title = el('span')
  const what = el('p', { class: 'box-text' })
  const how = el('p', { class: 'box-text' })
  const { sandbox } = page.settings
  const label = el('span')
  const open =
    sandbox === null
      ? el('p', { class: 'box-facts' }, location.href)
      : el('a', { class: 'button button-wide', href: sandbox }, icon('phone'), label)
  const element = el(
    'section',
    { class: 'box box-outside box-notice', 'data-code': 'not_in_wechat', hidden: environment.inWeixin },
    el('h2', { class: 'box-title' }, icon('alert'), title),
    what,
    how,
    open,
  )
  return {
    element,
    render() {
      const words = page.language.texts.outside
      title.textContent = words.title
      what.textContent = environment.client === 'wecom' ? words.whatWecom : words.what
      how.textContent = sandbox === null ? words.howReal : words.howSandbox
      label.textContent = words.open
    },
  }
}
