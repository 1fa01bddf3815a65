import type { ConnectionState, TimedStep } from './connection.ts'

// From what the client reports, step by step, to the six rows a reader sees.

/** Each row with the rows that must be done before it can begin: three of them run side by side. */
const waitsFor = {
  environment: [],
  bridge: ['environment'],
  sdk: ['environment'],
  signature: ['environment'],
  verify: ['bridge', 'sdk', 'signature'],
  config: ['verify'],
} as const

export type RowName = keyof typeof waitsFor
const rowNames = Object.keys(waitsFor) as RowName[]

/** A stretch of time, as shares of the whole between 0 and 1. */
export interface Stretch {
  from: number
  length: number
  ok: boolean
}

export interface Row {
  name: RowName
  state: 'waiting' | 'running' | 'done' | 'failed'
  /** Undefined until the step has been reported. */
  ms: number | undefined
  stretches: readonly Stretch[]
  /** WeChat refused one address and took another. */
  secondAddress: boolean
}

export function rows({ steps, phase }: Pick<ConnectionState, 'steps' | 'phase'>): Row[] {
  const wholeMs = Math.max(1, ...steps.map((step) => step.endMs))
  const stretch = ({ endMs, ms, ok }: TimedStep): Stretch => ({
    from: Math.max(0, (endMs - ms) / wholeMs),
    length: ms / wholeMs,
    ok,
  })
  // Signature and verify may come twice, so the last report counts.
  const reports = (name: RowName): TimedStep[] => steps.filter((step) => step.step === name)
  const isDone = (name: RowName): boolean => reports(name).pop()?.ok === true

  return rowNames.map((name) => {
    const reported = reports(name)
    const done = isDone(name)
    const running = phase === 'running' && waitsFor[name].every(isDone)
    return {
      name,
      state: done ? 'done' : running ? 'running' : reported.length > 0 ? 'failed' : 'waiting',
      ms: reported.length === 0 ? undefined : Math.round(reported.reduce((sum, step) => sum + step.ms, 0)),
      stretches: phase === 'running' ? [] : reported.map(stretch),
      secondAddress: done && reported.some((step) => !step.ok),
    }
  })
}
