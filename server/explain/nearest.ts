import { editDistance } from '../config/nearest-key.ts'
import type { Report } from './read-report.ts'

const SHOWN = 3

/** The known numbers or names that are written most alike what was given; none when nothing is close. */
export function nearest(report: Report, numbers: readonly number[], names: readonly string[]): string[] {
  const [number] = report.errcodes
  if (number !== undefined) return closest(String(number), numbers.map(String), 1)
  const word = report.text.toLowerCase().replace(/[\s-]+/g, '_')
  return word.length > 60 ? [] : closest(word, names, Math.max(2, Math.floor(word.length / 3)))
}

function closest(given: string, known: readonly string[], furthest: number): string[] {
  return known
    .map((name) => ({ name, distance: editDistance(name, given) }))
    .filter(({ distance }) => distance <= furthest)
    .sort((one, other) => one.distance - other.distance)
    .slice(0, SHOWN)
    .map(({ name }) => name)
}
