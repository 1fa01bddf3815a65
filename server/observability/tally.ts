import type { Counter } from 'prom-client'
import type { Count } from '../count.ts'

export interface Tally<Label extends string> {
  /** Counts one more of what `one` and `other` name together; `labels` is asked for once. */
  add(one: string, other: string | number, labels: () => Record<Label, string | number>): void
  /** Looks up what counts one more of the same. */
  count(one: string, other: string | number, labels: () => Record<Label, string | number>): Count
  /** Hands over what was counted since the last time. */
  pourInto(counter: Counter<Label>): void
}

class Row<Label extends string> implements Count {
  readonly labels: Record<Label, string | number>
  waiting = 0

  constructor(labels: Record<Label, string | number>) {
    this.labels = labels
  }

  add(): void {
    this.waiting += 1
  }
}

/** Counts what happens with every request; prom-client, which hashes all labels each time, hears of it when asked. */
export function createTally<Label extends string>(): Tally<Label> {
  const rows = new Map<string, Map<string | number, Row<Label>>>()

  function rowOf(one: string, other: string | number, labels: () => Row<Label>['labels']): Row<Label> {
    const others = rows.get(one) ?? new Map<string | number, Row<Label>>()
    rows.set(one, others)
    const row = others.get(other) ?? new Row(labels())
    others.set(other, row)
    return row
  }

  return {
    add(one, other, labels) {
      const row = rows.get(one)?.get(other) ?? rowOf(one, other, labels)
      row.add()
    },
    count: rowOf,
    pourInto(counter) {
      for (const others of rows.values()) {
        for (const row of others.values()) {
          counter.inc(row.labels, row.waiting)
          row.waiting = 0
        }
      }
    },
  }
}
