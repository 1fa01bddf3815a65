import { el, hostOf } from '../dom.ts'
import { t } from '../language.ts'
import { type Layer, openLayer } from '../layer.ts'

/** Asks whether the page may record what is said. */
export function openRecordConsent(
  screen: HTMLElement,
  pageUrl: string,
  decide: (answer: 'allow' | 'deny' | 'cancel') => void,
): Layer {
  let answer: 'allow' | 'deny' | 'cancel' = 'cancel'
  const finish = (next: 'allow' | 'deny') => (): void => {
    answer = next
    layer.close()
  }
  const content = el(
    'div',
    { class: 'consent' },
    el('h2', { text: t('recordTitle') }),
    el('p', { text: t('recordBody', { host: hostOf(pageUrl) }) }),
    el(
      'div',
      { class: 'consent-buttons' },
      el('button', { type: 'button', text: t('deny'), onclick: finish('deny') }),
      el('button', {
        type: 'button',
        class: 'primary',
        text: t('allow'),
        'data-focus': true,
        onclick: finish('allow'),
      }),
    ),
  )
  const layer = openLayer(screen, 'dialog', t('recordTitle'), content, () => decide(answer))
  return layer
}
