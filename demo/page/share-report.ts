import type { ShareReport, ShareStep } from '../../client/index.ts'
import { el, icon } from './dom.ts'
import type { Texts } from './texts.ts'

/** Which APIs took the share data, and what to do to see it. */
export function shareReport({ appMessage, timeline, link }: ShareReport, words: Texts['share']): HTMLElement {
  const item = (target: string, step: ShareStep): HTMLElement =>
    el(
      'li',
      { class: step.ok ? 'applied-item' : 'applied-item applied-failed' },
      icon(step.ok ? 'check' : 'cross'),
      el(
        'span',
        {},
        el('span', { class: 'applied-target' }, target),
        step.ok ? step.api : (step.errMsg ?? `${step.api}: ${step.code ?? ''}`),
      ),
    )
  const whole = appMessage.ok && timeline.ok
  return el(
    'div',
    { class: whole ? 'box box-ready' : 'box box-outside' },
    el(
      'h3',
      { class: 'box-title' },
      icon(whole ? 'check' : 'alert'),
      el('span', {}, whole ? words.done : words.partly),
    ),
    el('p', { class: 'box-text' }, words.menu),
    el(
      'ul',
      { class: 'applied' },
      item(words.targets.appMessage, appMessage),
      item(words.targets.timeline, timeline),
    ),
    el('div', { class: 'box-facts' }, el('span', {}, `link: ${link}`)),
  )
}
