import type { VerifyAnswer } from '../../sandbox/bridge/index.ts'
import { el } from '../dom.ts'
import { icon } from '../icons.ts'
import { language, t } from '../language.ts'
import { difference } from './difference.ts'

/** Why WeChat refused the page: reason, fix, the string it hashes, the two signatures. */
export function explanationCard(verdict: VerifyAnswer, onDismiss: () => void): HTMLElement {
  const why = verdict.explanation
  const zh = language() === 'zh'
  const part = (title: string, ...children: (HTMLElement | undefined)[]) =>
    el('div', { class: 'why-part' }, el('h4', { text: title }), ...children)
  return el(
    'section',
    { class: 'why', 'aria-label': t('refused') },
    el(
      'header',
      {},
      icon('warning', 22),
      el('h3', { text: t('refused') }),
      el(
        'button',
        { class: 'icon-button', type: 'button', 'aria-label': t('dismiss'), onclick: onDismiss },
        icon('close', 18),
      ),
    ),
    el('p', { class: 'mono why-message', text: verdict.errMsg }),
    why && part(t('why'), el('p', { text: zh ? why.reasonZh : why.reason })),
    why && part(t('fix'), el('p', { class: 'why-fix', text: zh ? why.fixZh : why.fix })),
    why && part(t('hashed'), string1(why.string1)),
    why?.signedString1 !== undefined &&
      part(t('signed'), el('dl', { class: 'signatures' }, difference(why.string1, why.signedString1))),
    why &&
      el(
        'dl',
        { class: 'signatures' },
        el('dt', { text: t('expected') }),
        el('dd', { class: 'mono', text: why.expectedSignature === '' ? '–' : why.expectedSignature }),
        el('dt', { text: t('given') }),
        difference(why.expectedSignature, why.givenSignature),
      ),
  )
}

// One line a parameter, as people compare it; the line breaks are not part of the string.
function string1(text: string): HTMLElement {
  const [, ticket = '', nonce = '', timestamp = '', url = ''] =
    /^(jsapi_ticket=[\s\S]*?)(&noncestr=[\s\S]*?)(&timestamp=\d*)(&url=[\s\S]*)$/.exec(text) ?? []
  const lines = ticket === '' ? [text] : [ticket, nonce, timestamp, url]
  return el(
    'code',
    { class: 'string1' },
    ...lines.map((line) => {
      const cut = line.indexOf('=') + 1
      return el('span', {}, el('b', { text: line.slice(0, cut) }), line.slice(cut))
    }),
  )
}
