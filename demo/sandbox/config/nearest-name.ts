/** The known name with the fewest letters to change. */
export function nearestName(name: string, known: readonly string[]): string {
  const lower = name.toLowerCase()
  const ranked = known.map((each) => ({ each, distance: editDistance(lower, each.toLowerCase()) }))
  ranked.sort((a, b) => a.distance - b.distance)
  return ranked[0]?.each ?? ''
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1]
    for (const [j, other] of [...b].entries()) {
      const replace = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replace, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
