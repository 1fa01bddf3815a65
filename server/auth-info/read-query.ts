import { ServiceError } from '../errors.ts'

/**
 * Reads the query of an address, percent-decoded once; names and values as the sender meant them.
 *
 * A `+` is a space, as forms write it, so that no reader behind us sees another text than we do.
 *
 * @throws {ServiceError} `invalid_request` for a malformed percent sequence
 */
export function readQuery(url: string): ReadonlyMap<string, readonly string[]> {
  const start = url.indexOf('?')
  const query = start === -1 ? '' : (url.slice(start + 1).split('#', 1)[0] ?? '')
  const values = new Map<string, string[]>()
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decode(equals === -1 ? pair : pair.slice(0, equals))
    const value = decode(equals === -1 ? '' : pair.slice(equals + 1))
    values.set(name, [...(values.get(name) ?? []), value])
  }
  return values
}

/** The one value of a parameter. @throws {ServiceError} `invalid_request` when it is missing or there are several */
export function readOne(query: ReadonlyMap<string, readonly string[]>, name: string): string {
  const value = readAtMostOne(query, name)
  if (value === undefined) throw refused(`The address has no "${name}".`, `Add ${name}=… once.`)
  return value
}

/** The value of a parameter that may be left out. @throws {ServiceError} `invalid_request` when there are several */
export function readAtMostOne(
  query: ReadonlyMap<string, readonly string[]>,
  name: string,
): string | undefined {
  const values = query.get(name) ?? []
  if (values.length > 1) {
    throw refused(
      `The address has "${name}" ${values.length} times.`,
      `Send ${name} once; encode & in values as %26.`,
    )
  }
  return values[0]
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw refused(
      'The address has a malformed percent sequence.',
      'Encode every value once with encodeURIComponent.',
    )
  }
}

function refused(message: string, hint: string): ServiceError {
  return new ServiceError('invalid_request', message, { hint })
}
