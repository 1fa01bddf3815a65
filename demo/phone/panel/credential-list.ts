import { el } from '../dom.ts'
import { t } from '../language.ts'
import type { Issued, SandboxState, Visitor } from '../sandbox-api.ts'

const oauthTokenLifeMs = 7_200_000
/** The newest codes and tokens of visitors that are shown. */
const shownOfPeople = 12

/** Every account with its tokens and tickets, newest first. */
export function credentialList(state: SandboxState, onRotate: (appId: string) => void): HTMLElement {
  return el(
    'div',
    { class: 'accounts' },
    ...state.accounts.map((account) => accountCard(account, state.visitors.visitors, state.now, onRotate)),
  )
}

function accountCard(
  account: SandboxState['accounts'][number],
  visitors: readonly Visitor[],
  now: number,
  onRotate: (appId: string) => void,
): HTMLElement {
  const nickname = (id: string): string => visitors.find((visitor) => visitor.id === id)?.nickname ?? id
  const codes = account.codes.map((code) => ({
    ...code,
    endsAt: code.expiresAt,
    valid: code.state === 'live',
  }))
  const people = account.oauthTokens.map((token) => ({
    ...token,
    value: token.accessToken,
    issuedAt: token.expiresAt - oauthTokenLifeMs,
    endsAt: token.expiresAt,
  }))
  const groups = { ...prefixed('access_token · ', account.tokens), ...prefixed('ticket · ', account.tickets) }
  const rows = Object.entries(groups).flatMap(([name, issued]) =>
    [...issued].reverse().map((credential) => credentialRow(name, credential, now)),
  )
  const ofPeople = [
    ...codes.map((code) => ({ ...code, name: 'code', spent: code.state === 'used' })),
    ...people.map((token) => ({ ...token, name: 'sns access_token', spent: false })),
  ]
    .sort((a, b) => b.issuedAt - a.issuedAt)
    .slice(0, shownOfPeople)
    .map(({ name, spent, ...credential }) =>
      credentialRow(
        `${name} · ${nickname(credential.visitor)}`,
        credential,
        now,
        credential.scope,
        spent ? t('used') : t('invalid'),
      ),
    )
  return el(
    'section',
    { class: 'card' },
    el('h3', { text: account.name ?? t('account') }),
    el('p', { class: 'mono quiet', text: account.appId }),
    el('p', { class: 'quiet', text: `${t('safeDomains')}: ${account.safeDomains.join(', ')}` }),
    rows.length === 0
      ? el('p', { class: 'quiet', text: t('noCredentials') })
      : el('ul', { class: 'credentials' }, ...rows),
    ofPeople.length > 0 && el('h4', { class: 'card-part', text: t('oauthSwitches') }),
    ofPeople.length > 0 && el('ul', { class: 'credentials' }, ...ofPeople),
    el('button', {
      class: 'plain-button',
      type: 'button',
      text: t('rotateTicket'),
      onclick: () => onRotate(account.appId),
    }),
  )
}

function prefixed(prefix: string, groups: Record<string, Issued[]>): Record<string, Issued[]> {
  return Object.fromEntries(Object.entries(groups).map(([name, issued]) => [`${prefix}${name}`, issued]))
}

function credentialRow(
  name: string,
  credential: Issued,
  now: number,
  note = '',
  ended: string = t('invalid'),
): HTMLElement {
  const lifeMs = Math.max(1, credential.expiresAt - credential.issuedAt)
  const leftMs = Math.max(0, credential.endsAt - now)
  const share = credential.valid ? Math.min(1, leftMs / lifeMs) : 0
  const bar = el('span', { class: 'life', 'aria-hidden': 'true' }, el('span', { class: 'life-left' }))
  bar.style.setProperty('--share', String(share))
  return el(
    'li',
    { class: credential.valid ? 'credential' : 'credential ended' },
    el(
      'p',
      { class: 'credential-head' },
      el('b', { text: name }),
      el('span', { text: credential.valid ? t('left', { time: duration(leftMs) }) : ended }),
    ),
    note !== '' && el('p', { class: 'credential-note', text: note }),
    el('p', { class: 'mono', text: middleCut(credential.value) }),
    bar,
  )
}

function middleCut(value: string): string {
  return value.length > 44 ? `${value.slice(0, 26)}…${value.slice(-12)}` : value
}

function duration(ms: number): string {
  const minutes = Math.floor(ms / 60_000)
  const seconds = Math.floor(ms / 1000) % 60
  if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
  return minutes > 0 ? `${minutes} min ${seconds} s` : `${seconds} s`
}
