import type { Clock } from '../../server/clock.ts'

export interface ManualClock extends Clock {
  /** Moves both clocks on and wakes who slept until then. */
  advance(ms: number): Promise<void>
  /** Sets the wall clock forward or back, as NTP or a person does; the monotonic clock does not notice. */
  step(ms: number): void
  /** Lets real time pass for the machine while the process sleeps: only the wall clock moves. */
  readonly sleepers: number
}

/** A clock that stands still until a test moves it. */
export function createManualClock(start = Date.UTC(2026, 0, 1)): ManualClock {
  let wall = start
  let monotonic = 1_000
  let sleepers: { wakeAt: number; wake: () => void }[] = []
  return {
    now: () => wall,
    monotonic: () => monotonic,
    sleep: (ms) => new Promise((wake) => sleepers.push({ wakeAt: monotonic + ms, wake })),
    async advance(ms) {
      wall += ms
      monotonic += ms
      const due = sleepers.filter(({ wakeAt }) => wakeAt <= monotonic)
      sleepers = sleepers.filter(({ wakeAt }) => wakeAt > monotonic)
      for (const { wake } of due) wake()
      await settle()
    },
    step(ms) {
      wall += ms
    },
    get sleepers() {
      return sleepers.length
    },
  }
}

/** Lets every promise that can go on go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}
