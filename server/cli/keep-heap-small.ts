import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

/** Both halves of the young generation; V8 would let it grow to 32 MB. */
const MAX_YOUNG_BYTES = 8 * 1_048_576
const LOOK_EVERY_MS = 100

/**
 * Keeps the memory of a process close to what it needs, which is little: under load V8 would rather let 30 MB more of
 * garbage lie around than save a hundredth of the time. To be called before anything is read: ten thousand accounts
 * make the young generation large, and it stays so.
 *
 * The flags are read by V8 each time it decides, and change nothing that exists. Those that the operator has set for
 * the heap go first.
 *
 * @returns to be called once the service listens: from then on the young generation may grow to what requests under
 * load need, again and again, because V8 shrinks it in quiet moments. Small ones are collected so often that it costs
 * a tenth of a request, large ones do not fit the processor's caches
 */
export function keepHeapSmall(): () => void {
  const chosen = `${process.execArgv.join(' ')} ${process.env.NODE_OPTIONS ?? ''}`
  if (/semi[-_]space|heap[-_]growing/.test(chosen)) return () => undefined
  // Requests that wait for WeChat, or for a slow sender, make V8 believe that what they are made of lives long: from
  // then on it puts the like of it among the old, which costs every request a quarter more.
  setFlagsFromString('--no-allocation-site-pretenuring')
  // The old one is collected when it has grown by this.
  setFlagsFromString('--heap-growing-percent=60')
  letGrow(false)
  return () => {
    setInterval(() => letGrow(youngBytes() < MAX_YOUNG_BYTES), LOOK_EVERY_MS).unref()
  }
}

function letGrow(mayGrow: boolean): void {
  setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`)
}

function youngBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0
}
