import type { NetworkType } from '../../sandbox/bridge/index.ts'
import { nativeApis } from '../../sandbox/bridge/native/table.ts'
import type { PhoneEndings } from '../../sandbox/bridge/phone-protocol.ts'
import { el } from '../dom.ts'
import { isWord, t } from '../language.ts'
import type { OAuthSwitches, SandboxState } from '../sandbox-api.ts'
import type { Word } from '../words.ts'
import { clockTime } from './http-list.ts'
import { oauthSwitches } from './oauth-switches.ts'
import { choice, toggle } from './switch-rows.ts'

/** What the phone itself is set to. */
export interface PhoneSettings {
  networkType: NetworkType
  denied: Set<string>
  endings: PhoneEndings
  late: boolean
}

/** What the switches do. */
export interface SwitchActions {
  setFault(kind: string, on: boolean): void
  setOAuth(changes: Partial<OAuthSwitches>): void
  advance(ms: number): void
  reset(): void
  phoneChanged(): void
}

const verifyFaults = ['wrong_ticket', 'domain_not_bound']
const platformFaults = [
  'busy',
  'slow',
  'invalid_credential',
  'quota',
  'ip_not_in_whitelist',
  'html',
  'http_500',
]
const denials: [string, Word][] = [
  ['scanQRCode', 'denyScan'],
  ['chooseImage', 'denyImages'],
  ['geoLocation', 'denyLocation'],
]
const others = Object.keys(nativeApis)
  .filter((name) => !denials.some(([denied]) => denied === name))
  .sort()
const networks: NetworkType[] = ['wifi', '5g', '4g', '3g', '2g', 'none']
const minuteMs = 60_000

/** Switches for faults, the clock and the phone. */
export function switches(
  state: SandboxState | undefined,
  phone: PhoneSettings,
  actions: SwitchActions,
): HTMLElement {
  const active = new Set(state?.faults.map(({ kind }) => kind))
  const fault = (kind: string): HTMLElement => {
    const text = `${kind}Text`
    return toggle(isWord(kind) ? t(kind) : kind, isWord(text) ? t(text) : '', active.has(kind), (on) =>
      actions.setFault(kind, on),
    )
  }
  const network = choice(
    t('network'),
    '',
    phone.networkType,
    networks.map((type) => [
      type,
      type === 'none' ? t('airplane') : type.toUpperCase().replace('WIFI', 'Wi-Fi'),
    ]),
    (type) => {
      phone.networkType = type
      actions.phoneChanged()
    },
  )
  const deniedOther = others.find((name) => phone.denied.has(name)) ?? ''
  const denyOther = choice(
    t('denyOther'),
    t('denyText'),
    deniedOther,
    ['', ...others].map((name) => [name, name === '' ? '–' : name]),
    (name) => {
      phone.denied.delete(deniedOther)
      if (name !== '') phone.denied.add(name)
      actions.phoneChanged()
    },
  )
  const ending = <K extends keyof PhoneEndings>(
    of: K,
    word: Word,
    ends: readonly PhoneEndings[K][],
  ): HTMLElement =>
    choice<string>(
      t(word),
      '',
      phone.endings[of] ?? '',
      [['', t('endsWell')], ...ends.map((end) => [end ?? '', end ?? ''] as const)],
      (chosen) => {
        const { [of]: _, ...rest } = phone.endings
        phone.endings = chosen === '' ? rest : { ...rest, [of]: chosen }
        actions.phoneChanged()
      },
    )
  return el(
    'div',
    { class: 'switches' },
    el(
      'section',
      { class: 'card' },
      el('h3', { text: t('clock') }),
      el(
        'div',
        { class: 'clock' },
        el('time', { class: 'clock-now', text: state === undefined ? '–' : clockTime(state.now) }),
        el('button', {
          class: 'plain-button',
          type: 'button',
          text: t('plus10'),
          onclick: () => actions.advance(10 * minuteMs),
        }),
        el('button', {
          class: 'plain-button',
          type: 'button',
          text: t('plus2h'),
          onclick: () => actions.advance(120 * minuteMs),
        }),
      ),
    ),
    el('section', { class: 'card' }, el('h3', { text: t('verifyFaults') }), ...verifyFaults.map(fault)),
    el('section', { class: 'card' }, el('h3', { text: t('platformFaults') }), ...platformFaults.map(fault)),
    state && oauthSwitches(state.oauth, actions.setOAuth),
    el(
      'section',
      { class: 'card' },
      el('h3', { text: t('phoneSwitches') }),
      network,
      ...denials.map(([name, word]) =>
        toggle(t(word), t('denyText'), phone.denied.has(name), (on) => {
          if (on) phone.denied.add(name)
          else phone.denied.delete(name)
          actions.phoneChanged()
        }),
      ),
      denyOther,
      ending('translateVoice', 'endTranslate', ['cancel', 'fail']),
      ending('transfer', 'endTransfer', ['cancel', 'fail']),
      ending('beacons', 'endBeacons', ['off']),
      toggle(t('lateBridge'), t('lateBridgeText'), phone.late, (on) => {
        phone.late = on
        actions.phoneChanged()
      }),
    ),
    el('button', { class: 'plain-button wide', type: 'button', text: t('resetAll'), onclick: actions.reset }),
  )
}
