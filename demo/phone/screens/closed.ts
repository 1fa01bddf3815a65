import { el } from '../dom.ts'
import { t } from '../language.ts'

/** The chat behind a closed page, with a way back. */
export function closedScreen(account: string, reopen: () => void): HTMLElement {
  return el(
    'div',
    { class: 'closed' },
    el(
      'div',
      { class: 'closed-line' },
      el('span', { class: 'avatar', 'aria-hidden': 'true' }),
      el(
        'div',
        { class: 'closed-card' },
        el('p', { class: 'closed-account', text: account }),
        el('h2', { text: t('closedTitle') }),
        el('p', { text: t('closedBody') }),
        el('button', { class: 'green-button', type: 'button', text: t('reopen'), onclick: reopen }),
      ),
    ),
  )
}

/** Said when the phone does not know what to open. */
export function emptyScreen(): HTMLElement {
  return el(
    'div',
    { class: 'closed' },
    el('div', { class: 'closed-card' }, el('h2', { text: t('noPage') }), el('p', { text: t('noPageBody') })),
  )
}
