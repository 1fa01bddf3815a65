import { el } from '../dom.ts'
import { t } from '../language.ts'
import type { OAuthSwitches } from '../sandbox-api.ts'
import { choice, toggle } from './switch-rows.ts'

/** Where web page authorization is uncertain on WeChat, or has a bad day. */
export function oauthSwitches(
  now: OAuthSwitches,
  change: (changes: Partial<OAuthSwitches>) => void,
): HTMLElement {
  return el(
    'section',
    { class: 'card' },
    el('h3', { text: t('oauthSwitches') }),
    choice(
      t('doubleCallback'),
      t('doubleCallbackText'),
      now.doubleCallback === false ? 'off' : now.doubleCallback,
      [
        ['off', t('doubleOff')],
        ['same-code', t('doubleSameCode')],
        ['new-code', t('doubleNewCode')],
      ],
      (value) => change({ doubleCallback: value === 'off' ? false : value }),
    ),
    toggle(t('cookiesLost'), t('cookiesLostText'), now.cookiesLost, (cookiesLost) => change({ cookiesLost })),
    toggle(t('refusalReturns'), t('refusalReturnsText'), now.refusal === 'state-only', (on) =>
      change({ refusal: on ? 'state-only' : 'stays' }),
    ),
    toggle(t('remembersConsent'), t('remembersConsentText'), now.remembersConsent, (remembersConsent) =>
      change({ remembersConsent }),
    ),
    toggle(t('snapshotUnmarked'), t('snapshotUnmarkedText'), !now.snapshotMark, (on) =>
      change({ snapshotMark: !on }),
    ),
    toggle(t('snapshotVirtual'), t('snapshotVirtualText'), now.snapshotProfile === 'virtual', (on) =>
      change({ snapshotProfile: on ? 'virtual' : 'refused' }),
    ),
  )
}
