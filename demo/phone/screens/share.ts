import type { ShareCard, ShareTarget } from '../../sandbox/bridge/index.ts'
import { el } from '../dom.ts'
import { icon } from '../icons.ts'
import { t } from '../language.ts'
import { type Layer, openLayer } from '../layer.ts'
import { toast } from '../toast.ts'

/** Shows what would be sent, as the receiver sees it, and takes the decision. */
export function openShare(
  screen: HTMLElement,
  target: ShareTarget,
  card: ShareCard,
  sender: string,
  decide: (decision: 'confirm' | 'cancel') => void,
): Layer {
  let decision: 'confirm' | 'cancel' = 'cancel'
  const isMoment = target === 'timeline' || target === 'qZone' || target === 'weibo'
  const finish = (next: 'confirm' | 'cancel') => () => {
    decision = next
    layer.close()
    if (next === 'confirm') toast(screen, t(isMoment ? 'posted' : 'sent'))
  }
  const content = el(
    'div',
    { class: 'share-sheet' },
    el(
      'header',
      { class: 'share-head' },
      el('button', { class: 'text-button', type: 'button', text: t('cancel'), onclick: finish('cancel') }),
      el('h2', { text: t(isMoment ? 'shareMoments' : 'friendSees') }),
      el('button', {
        class: 'green-button small',
        type: 'button',
        text: t(isMoment ? 'post' : 'send'),
        'data-focus': true,
        onclick: finish('confirm'),
      }),
    ),
    isMoment ? moment(card) : chat(card, sender),
    origin(card),
  )
  const layer = openLayer(screen, 'sheet', t('friendSees'), content, () => decide(decision))
  return layer
}

function chat(card: ShareCard, sender: string): HTMLElement {
  return el(
    'div',
    { class: 'chat' },
    el('p', { class: 'chat-to', text: `${t('sendTo')} ${t('fileTransfer')}` }),
    el(
      'div',
      { class: 'chat-line' },
      el(
        'div',
        { class: 'bubble' },
        el('p', { class: 'bubble-title', text: card.title === '' ? card.link : card.title }),
        el(
          'div',
          { class: 'bubble-body' },
          el('p', { class: 'bubble-desc', text: card.desc }),
          picture(card.imgUrl, 'bubble-picture'),
        ),
        el('p', { class: 'bubble-source', text: sender }),
      ),
      el('span', { class: 'avatar', 'aria-hidden': 'true' }),
    ),
  )
}

function moment(card: ShareCard): HTMLElement {
  return el(
    'div',
    { class: 'moment' },
    el('p', { class: 'moment-thoughts', text: t('thoughts') }),
    el(
      'div',
      { class: 'moment-link' },
      picture(card.imgUrl, 'moment-picture'),
      el('p', { text: card.title === '' ? card.link : card.title }),
    ),
  )
}

function origin(card: ShareCard): HTMLElement {
  const from = { 'share-data': 'fromShareData', 'menu-event': 'fromMenuEvent', page: 'fromPage' } as const
  return el(
    'div',
    { class: `share-origin ${card.from}` },
    el('p', { class: 'mono', text: card.link }),
    el('p', { class: 'share-from', text: t(from[card.from]) }),
  )
}

function picture(address: string, name: string): HTMLElement {
  const usable = URL.canParse(address) && /^(https?|data):/.test(new URL(address).protocol)
  if (!usable) return noPicture(name)
  const image = el('img', { class: name, alt: '', src: address })
  image.addEventListener('error', () => image.replaceWith(noPicture(name)))
  return image
}

function noPicture(name: string): HTMLElement {
  return el(
    'span',
    { class: `${name} no-picture`, role: 'img', 'aria-label': t('noPicture') },
    icon('copy', 22),
  )
}
