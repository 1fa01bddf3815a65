let missed = 0

/** Prints one goal: what was measured, what it should be, and whether it is. */
export function goal(what: string, measured: string, limit: string, reached: boolean): void {
  if (!reached) missed++
  console.log(
    `  ${reached ? 'ok    ' : 'MISSED'}  ${what.padEnd(58)} ${measured.padStart(12)}   goal ${limit}`,
  )
}

/** Prints a figure that has no goal. */
export function figure(what: string, measured: string): void {
  console.log(`  -       ${what.padEnd(58)} ${measured.padStart(12)}`)
}

export const missedGoals = (): number => missed
