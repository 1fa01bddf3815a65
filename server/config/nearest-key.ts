import { knownKeys } from './schema.ts'

export interface UnknownKeyAdvice {
  /** The known key of the same object that is written most alike. */
  readonly nearest: string | undefined
  /** Whether it is close enough to be what was meant. */
  readonly likely: boolean
  readonly sentence: string
}

/**
 * Says what an unknown key was probably meant to be.
 *
 * @param objectPath path of the object with list positions left out, such as `accounts[]`
 */
export function adviseUnknownKey(objectPath: string, name: string): UnknownKeyAdvice {
  const known = knownKeys.get(objectPath) ?? []
  const [first] = known
    .map((key) => ({ key, distance: editDistance(plain(key), plain(name)) }))
    .sort((one, other) => one.distance - other.distance)
  if (first === undefined)
    return { nearest: undefined, likely: false, sentence: 'is not a known key: remove it' }
  const likely = first.distance <= Math.max(1, Math.floor(first.key.length / 3))
  const elsewhere = likely ? undefined : findElsewhere(name)
  const start = `is not a known key; the nearest known key is "${first.key}"`
  if (likely) return { nearest: first.key, likely, sentence: `${start}: correct or remove it` }
  if (elsewhere !== undefined) {
    return {
      nearest: first.key,
      likely,
      sentence: `is not a known key here; "${elsewhere}" is: move it there`,
    }
  }
  return { nearest: first.key, likely, sentence: `${start}, known here: ${known.join(', ')}` }
}

/** Levenshtein distance: how many characters must be added, removed or replaced. */
export function editDistance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [row, left] of [...one].entries()) {
    const current = [row + 1]
    for (const [column, right] of [...other].entries()) {
      const replaced = (previous[column] ?? 0) + (left === right ? 0 : 1)
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1))
    }
    previous = current
  }
  return previous.at(-1) ?? 0
}

function findElsewhere(name: string): string | undefined {
  for (const [path, keys] of knownKeys) {
    const key = keys.find((candidate) => plain(candidate) === plain(name))
    if (key !== undefined) return path === '' ? key : `${path}.${key}`
  }
  return undefined
}

// `app_id`, `AppID` and `appId` are the same word; a very long name need not be compared to its end.
const plain = (name: string): string =>
  name
    .slice(0, 64)
    .toLowerCase()
    .replace(/[_\s-]/g, '')
