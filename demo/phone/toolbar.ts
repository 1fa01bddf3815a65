import type { BridgeProfile } from '../sandbox/bridge/index.ts'
import { el } from './dom.ts'
import { icon } from './icons.ts'
import { live, liveLabel, onLanguage, t } from './language.ts'
import type { Visitor } from './sandbox-api.ts'
import { visitorPicture } from './visitor-picture.ts'

const profiles: [BridgeProfile, string][] = [
  ['ios', 'iPhone'],
  ['android', 'Android'],
  ['harmony', 'HarmonyOS'],
  ['windows', 'Windows'],
  ['mac', 'Mac'],
  ['devtools', 'DevTools'],
  ['wecom-ios', 'WeCom'],
]

/** The bar above the phone: which client, which address, and how it looks. */
export interface Toolbar {
  readonly element: HTMLElement
  setProfile(profile: BridgeProfile): void
  setUrl(url: string): void
  setTheme(theme: 'light' | 'dark'): void
  setVisitor(visitor: Visitor | undefined): void
}

/** Makes the bar. */
export function createToolbar(actions: {
  profile(profile: BridgeProfile): void
  navigate(url: string): void
  reload(): void
  visitors(): void
  theme(): void
  language(): void
  tools(): void
}): Toolbar {
  const select = liveLabel(
    el('select', { class: 'select', onchange: () => actions.profile(select.value as BridgeProfile) }),
    'device',
  )
  select.append(...profiles.map(([value, text]) => el('option', { value, text })))
  let looking: Visitor | undefined
  const visitor = el('button', {
    class: 'visitor-button',
    type: 'button',
    'aria-haspopup': 'dialog',
    onclick: actions.visitors,
  })
  const showVisitor = (): void => {
    visitor.hidden = looking === undefined
    if (looking === undefined) return
    const label = `${t('whoLooks')}: ${looking.nickname}`
    visitor.setAttribute('aria-label', label)
    visitor.title = label
    visitor.replaceChildren(
      visitorPicture(looking),
      el('span', { class: 'visitor-name', text: looking.nickname }),
    )
  }
  onLanguage(showVisitor)
  showVisitor()
  const address = liveLabel(
    el('input', {
      class: 'address',
      type: 'url',
      inputmode: 'url',
      spellcheck: 'false',
      autocomplete: 'off',
      autocapitalize: 'off',
      required: true,
    }),
    'address',
  )
  const form = el(
    'form',
    {
      class: 'address-line',
      onsubmit: (event) => {
        event.preventDefault()
        if (/^https?:\/\//.test(address.value)) actions.navigate(address.value)
      },
    },
    liveLabel(
      el('button', { class: 'icon-button', type: 'button', onclick: actions.reload }, icon('reload', 18)),
      'reload',
    ),
    address,
  )
  const theme = liveLabel(
    el('button', { class: 'icon-button', type: 'button', onclick: actions.theme }),
    'theme',
  )
  const element = el(
    'header',
    { class: 'toolbar' },
    el(
      'div',
      { class: 'brand' },
      el('span', { class: 'brand-mark', 'aria-hidden': 'true' }, icon('chat', 22)),
      el('span', { class: 'brand-text' }, live(el('b'), 'appName'), live(el('small'), 'tagline')),
    ),
    select,
    visitor,
    form,
    el(
      'div',
      { class: 'toolbar-end' },
      live(
        el('button', { class: 'plain-button language', type: 'button', onclick: actions.language }),
        'language',
      ),
      theme,
      liveLabel(
        el(
          'button',
          { class: 'icon-button tools-button', type: 'button', onclick: actions.tools },
          icon('tools', 20),
        ),
        'tools',
      ),
    ),
  )
  return {
    element,
    setProfile(profile) {
      select.value = profile
    },
    setUrl(url) {
      if (document.activeElement !== address) address.value = url
    },
    setVisitor(next) {
      looking = next
      showVisitor()
    },
    setTheme(next) {
      theme.replaceChildren(icon(next === 'dark' ? 'sun' : 'moon', 20))
    },
  }
}
