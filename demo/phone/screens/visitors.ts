import { el } from '../dom.ts'
import { icon } from '../icons.ts'
import { language, t } from '../language.ts'
import { openLayer } from '../layer.ts'
import type { Visitor } from '../sandbox-api.ts'
import { visitorPicture } from '../visitor-picture.ts'
import type { Word } from '../words.ts'

/** Lets one choose who is looking at the page. */
export function openVisitors(
  screen: HTMLElement,
  visitors: readonly Visitor[],
  looking: string,
  choose: (id: string) => void,
): void {
  const row = (visitor: Visitor): HTMLElement => {
    const isLooking = visitor.id === looking
    return el(
      'li',
      {},
      el(
        'button',
        {
          class: 'visitor',
          type: 'button',
          'aria-pressed': String(isLooking),
          'data-visitor': visitor.id,
          'data-focus': isLooking,
          onclick: () => {
            layer.close()
            choose(visitor.id)
          },
        },
        visitorPicture(visitor),
        el(
          'span',
          { class: 'visitor-text' },
          el(
            'span',
            { class: 'visitor-line' },
            el('b', { text: visitor.nickname }),
            el('span', { class: 'visitor-kind', text: nameOf(visitor) }),
          ),
          el('small', { text: t(specialWord(visitor)) }),
        ),
        el('span', { class: 'visitor-tick', 'aria-hidden': 'true' }, isLooking && icon('check', 22)),
      ),
    )
  }
  const content = el(
    'div',
    { class: 'visitors' },
    el(
      'header',
      { class: 'visitors-head' },
      el('h2', { text: t('whoLooks') }),
      el('p', { text: t('whoLooksBody') }),
    ),
    el('ul', {}, ...visitors.map(row)),
    el('p', { class: 'visitors-note', text: t('whoLooksCookies') }),
    el('button', { class: 'sheet-cancel', type: 'button', text: t('cancel'), onclick: () => layer.close() }),
  )
  const layer = openLayer(screen, 'sheet', t('whoLooks'), content, () => undefined)
}

// The sandbox writes names in Chinese and in English; a name somebody has made up may have one part only.
function nameOf({ name }: Visitor): string {
  const [chinese = '', english = chinese] = name.split(' · ')
  return language() === 'zh' ? chinese : english
}

function specialWord({ refuses, snapshot, unionid, follower, enteredFrom }: Visitor): Word {
  if (refuses === true) return 'visitorRefuses'
  if (snapshot === true) return 'visitorSnapshot'
  if (!unionid) return 'visitorNoUnionid'
  if (!follower) return 'visitorStranger'
  return enteredFrom === 'link' ? 'visitorLink' : 'visitorFollower'
}
