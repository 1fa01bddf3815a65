import { el, icon } from './dom.ts'
import type { Row } from './steps.ts'
import type { Texts } from './texts.ts'
import type { WhoState } from './who.ts'
import { whoFacts } from './who-facts.ts'

// From the address to a session: the three things that happen after WeChat, as rows for a reader.

export type WhoStep = 'hint' | 'ticket' | 'verified'
type Landed = Extract<WhoState, { phase: 'landed' }>

function statesOf({ hint, answer }: Landed): Record<WhoStep, Row['state']> {
  const isKnown = answer !== undefined && 'person' in answer && answer.person !== null
  const verified = isKnown ? 'done' : 'waiting'
  if (hint.ticket === undefined) return { hint: 'done', ticket: 'waiting', verified }
  const ticket = answer === undefined ? 'running' : isKnown ? 'done' : 'failed'
  return { hint: 'done', ticket, verified }
}

function node(state: Row['state'], index: number): Node | string {
  if (state === 'done') return icon('check')
  if (state === 'failed') return icon('cross')
  return state === 'running' ? el('span', { class: 'spinner' }) : String(index + 1)
}

/** The steps, with what the address says under the first one. */
export function whoSteps(landed: Landed, { who: words, signature }: Texts): HTMLElement {
  const { userid, ...ids } = landed.hint
  const facts = whoFacts({ ...ids, ...(userid === undefined ? {} : { userId: userid }) }, 'userid', words)
  facts.classList.add('step-facts')
  const states = Object.entries(statesOf(landed)) as [WhoStep, Row['state']][]
  return el(
    'ol',
    { class: 'steps' },
    ...states.map(([name, state], index) =>
      el(
        'li',
        { class: `step step-${state}`, 'data-step': name },
        el('span', { class: 'step-node', 'aria-hidden': true }, node(state, index)),
        el(
          'div',
          { class: 'step-body' },
          el(
            'p',
            { class: 'step-name' },
            words.steps[name].name,
            el('span', { class: 'visually-hidden' }, ` ${signature.rowStates[state]}`),
          ),
          el('p', { class: 'step-lead' }, words.steps[name].lead),
        ),
        name === 'hint' ? facts : undefined,
      ),
    ),
  )
}
