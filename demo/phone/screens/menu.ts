import type { MenuState, ShareTarget } from '../../sandbox/bridge/index.ts'
import { el, hostOf } from '../dom.ts'
import { type IconName, icon } from '../icons.ts'
import { t } from '../language.ts'
import { openLayer } from '../layer.ts'
import type { Word } from '../words.ts'

/** What the ⋯ menu can do. */
export type MenuAction = { share: ShareTarget } | 'copy' | 'browser' | 'refresh'

interface Item {
  word: Word
  icon: IconName
  action: MenuAction
  colour?: string
  /** WeChat's name of the item, by which a page hides it. */
  item?: string
}

const shareItems: Item[] = [
  {
    word: 'sendToFriend',
    icon: 'chat',
    action: { share: 'appMessage' },
    colour: '#07c160',
    item: 'share:appMessage',
  },
  {
    word: 'shareMoments',
    icon: 'moments',
    action: { share: 'timeline' },
    colour: '#576b95',
    item: 'share:timeline',
  },
  { word: 'shareQq', icon: 'qq', action: { share: 'qq' }, colour: '#10aeff', item: 'share:qq' },
  { word: 'shareQzone', icon: 'star', action: { share: 'qZone' }, colour: '#fa9d3b', item: 'share:QZone' },
]
const pageItems: Item[] = [
  { word: 'refresh', icon: 'reload', action: 'refresh' },
  { word: 'copyLink', icon: 'copy', action: 'copy', item: 'copyUrl' },
  { word: 'openInBrowser', icon: 'browser', action: 'browser', item: 'openWithSafari' },
]

/** Opens the ⋯ menu; items the page has hidden are not there. */
export function openMenu(
  screen: HTMLElement,
  url: string,
  menu: MenuState,
  onAction: (action: MenuAction) => void,
): void {
  const button = (item: Item): HTMLElement =>
    el(
      'button',
      {
        class: 'tile',
        type: 'button',
        onclick: () => {
          layer.close()
          onAction(item.action)
        },
      },
      tileFace(item),
      el('span', { class: 'tile-name', text: t(item.word) }),
    )
  const rows = [shareItems, pageItems]
    .map((row) => row.filter(({ item }) => item === undefined || !menu.hidden.includes(`menuItem:${item}`)))
    .filter((row) => row.length > 0)
    .map((row) => el('div', { class: 'tile-row' }, ...row.map(button)))
  const content = el(
    'div',
    { class: 'menu-sheet' },
    el('p', { class: 'menu-host', text: t('providedBy', { host: hostOf(url) }) }),
    ...rows,
    el('button', {
      class: 'sheet-cancel',
      type: 'button',
      text: t('cancel'),
      onclick: () => layer.close(),
    }),
  )
  const layer = openLayer(screen, 'sheet', t('menu'), content, () => undefined)
}

function tileFace(item: Item): HTMLElement {
  const face = el('span', { class: 'tile-face' }, icon(item.icon, 30))
  if (item.colour !== undefined) face.style.color = item.colour
  return face
}
