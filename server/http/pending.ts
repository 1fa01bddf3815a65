import type { ServerResponse } from 'node:http'

/** Answers that are not finished yet. */
export interface Pending {
  /** In no order. */
  readonly all: readonly ServerResponse[]
  /** Keeps one until it is finished or its connection is gone. */
  add(outgoing: ServerResponse): void
}

const at = Symbol('place among the pending')
type Placed = ServerResponse & { [at]?: number }

/** Keeps them in an array in which each knows its place: a Set would be rebuilt all the time. */
export function createPending(): Pending {
  const all: Placed[] = []

  function forget(this: Placed): void {
    const last = all.pop()
    if (last === undefined || last === this) return
    const place = this[at] ?? 0
    all[place] = last
    last[at] = place
  }

  return {
    all,
    add(outgoing: Placed) {
      outgoing[at] = all.length
      all.push(outgoing)
      outgoing.on('close', forget)
    },
  }
}
