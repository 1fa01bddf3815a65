import { candidates } from '../candidates.ts'
import type { Core, Note } from '../core.ts'
import { detectEnvironment, environmentSource } from '../environment.ts'
import { withoutFragment } from '../page.ts'
import type { Environment } from '../types.ts'
import { element, table } from './element.ts'
import type { Words } from './words.ts'

/** The one-time ticket in a landing address is worth a session; nobody photographs it from here. */
const masked = (text: string): string => text.replace(/([?&]ticket=)[^&#\s]+/gi, '$1…')

const when = (at: number): string =>
  new Date(performance.timeOrigin + at).toLocaleTimeString('en-GB', { hour12: false })

const heading = (text: string): HTMLElement => element('h2', {}, text)

function environmentTable(found: Environment, say: Words): HTMLElement {
  const { client, version = '', platform, devtools, miniProgram, miniProgramAppId } = found
  return table([
    [say.client, `${client} ${version}`.trim()],
    [say.platform, devtools ? `${platform} (devtools)` : platform],
    [say.miniProgram, miniProgram ? miniProgramAppId || say.yes : say.no],
  ])
}

function addresses({ page }: Core, found: Environment, say: Words): HTMLElement {
  const current = withoutFragment(window.location.href)
  return element(
    'ol',
    {},
    ...candidates(page, current, found).map(({ candidate, url }) =>
      element(
        'li',
        {},
        element('b', {}, say[candidate]),
        ...(page.preferred === candidate ? [element('i', {}, say.preferred)] : []),
        element('code', {}, masked(url)),
      ),
    ),
  )
}

/** What the ticket was hashed with; the ticket itself never leaves the service. */
function signedParts({ at, signature }: Note, say: Words): HTMLElement[] {
  if (!signature) return []
  const { appId, url, timestamp, nonceStr, signature: hash, requestId } = signature
  return [
    element(
      'details',
      { 'data-at': `${at}` },
      element('summary', {}, say.signed),
      table([
        ['jsapi_ticket', say.hidden],
        ['noncestr', nonceStr],
        ['timestamp', `${timestamp}`],
        ['url', masked(url)],
        ['signature', hash],
        ['appId', appId],
        ['X-Request-Id', requestId],
      ]),
    ),
  ]
}

function verification(note: Note, say: Words): HTMLElement[] {
  const { at, step } = note
  if (step?.step !== 'verify') return []
  const { ok, ms, candidate = 'current', url = '', errMsg } = step
  return [
    element(
      'li',
      { class: ok ? 'ok' : 'bad' },
      element('b', {}, ok ? say.accepted : say.refused),
      element('i', {}, `${when(at)} · ${Math.round(ms)} ms · ${say[candidate]}`),
      element('code', {}, masked(url)),
      ...(errMsg ? [element('p', {}, errMsg)] : []),
      ...signedParts(note, say),
    ),
  ]
}

function otherStep({ at, step }: Note): HTMLElement[] {
  if (!step || step.step === 'verify') return []
  const { ok, ms, code, step: name } = step
  return [
    element(
      'li',
      { class: ok ? 'ok' : 'bad' },
      element('b', {}, name),
      element('i', {}, `${when(at)} · ${Math.round(ms)} ms${code ? ` · ${code}` : ''}`),
    ),
  ]
}

function failure({ at, error }: Note, isChinese: boolean): HTMLElement[] {
  if (!error) return []
  const { code, message, hint, hintZh, requestId } = error
  return [
    element(
      'li',
      { class: 'bad' },
      element('b', {}, code),
      element('i', {}, when(at)),
      ...(requestId ? [element('i', {}, ` · X-Request-Id ${requestId}`)] : []),
      element('p', {}, isChinese && hintZh ? hintZh : hint),
      element('code', {}, masked(message)),
    ),
  ]
}

const list = (title: string, items: readonly HTMLElement[], say: Words): HTMLElement[] => [
  heading(title),
  items.length ? element('ol', {}, ...items) : element('p', { class: 'none' }, say.none),
]

/** Everything the panel shows, newest first. */
export function content(core: Core, say: Words): HTMLElement[] {
  const found = detectEnvironment(environmentSource(window))
  const newest = [...core.journal].reverse()
  // A share fails with the error of the call in it: one failure.
  const failures = newest.filter(
    ({ error }, at) => error && newest.findIndex((note) => note.error === error) === at,
  )
  return [
    heading(say.environment),
    environmentTable(found, say),
    heading(say.addresses),
    addresses(core, found, say),
    ...list(
      say.verifications,
      newest.flatMap((note) => verification(note, say)),
      say,
    ),
    ...list(
      say.errors,
      failures.flatMap((note) => failure(note, say.yes === '是')),
      say,
    ),
    ...list(say.steps, newest.flatMap(otherStep), say),
  ]
}
