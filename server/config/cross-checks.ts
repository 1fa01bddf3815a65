import type { ConfigProblem } from './config-error.ts'
import type { Disclosure } from './disclosure.ts'
import { formatKeyPath, type KeyPath, valueAt } from './key-path.ts'

interface Place {
  readonly path: KeyPath
  readonly value: unknown
}

/**
 * Finds what one value alone cannot show: the same appId, port id, client id, key or verification file twice, and
 * clients of accounts that do not exist. Works on unchecked input, so that these mistakes are listed too when
 * something else is wrong.
 */
export function crossProblems(raw: unknown, disclosure: Disclosure): ConfigProblem[] {
  const appIds = places(raw, ['accounts'], ['appId'])
  return [
    ...repeated(appIds.filter(isText), disclosure, 'give every account once'),
    ...repeated(
      places(raw, ['accounts'], ['portIds'], []).filter(isNumber),
      disclosure,
      'a port id belongs to one account',
    ),
    ...repeated(places(raw, ['clients'], ['clientId']).filter(isText), disclosure, 'give every client once'),
    ...repeated(items(raw, ['keys', 'ssoToken']).filter(isText), disclosure, 'give every key once'),
    ...repeated(bytesKeys(raw).filter(isText), disclosure, 'every purpose needs a key of its own'),
    ...verifyFileProblems(raw, disclosure),
    ...foreignAccounts(raw, appIds, disclosure),
  ]
}

/** All values below a list: `places(raw, ['accounts'], ['portIds'], [])` are the items of every `portIds`. */
function places(raw: unknown, listPath: KeyPath, key: KeyPath, inner?: readonly []): Place[] {
  return items(raw, listPath).flatMap(({ path }) => {
    const at = [...path, ...key]
    return inner === undefined ? [{ path: at, value: valueAt(raw, at) }] : items(raw, at)
  })
}

function items(raw: unknown, path: KeyPath): Place[] {
  const found = valueAt(raw, path)
  return Array.isArray(found) ? found.map((value: unknown, index) => ({ path: [...path, index], value })) : []
}

function bytesKeys(raw: unknown): Place[] {
  const path = ['keys', 'phoneIndex']
  return [...items(raw, ['keys', 'phone']), { path, value: valueAt(raw, path) }]
}

const isText = ({ value }: Place): boolean => typeof value === 'string' && value !== ''
const isNumber = ({ value }: Place): boolean => typeof value === 'number'

function repeated(found: readonly Place[], disclosure: Disclosure, remedy: string): ConfigProblem[] {
  const seen = new Map<unknown, string>()
  return found.flatMap(({ path, value }) => {
    const key = formatKeyPath(path)
    const earlier = seen.get(value)
    if (earlier === undefined) {
      seen.set(value, key)
      return []
    }
    const shown = disclosure.show(key, value)
    return [
      { key, message: `is the same as ${earlier}${shown === undefined ? '' : `, got ${shown}`}; ${remedy}` },
    ]
  })
}

function verifyFileProblems(raw: unknown, disclosure: Disclosure): ConfigProblem[] {
  const contents = new Map<string, unknown>()
  return items(raw, ['accounts']).flatMap(({ path }) => {
    const files = valueAt(raw, [...path, 'verifyFiles'])
    if (typeof files !== 'object' || files === null || Array.isArray(files)) return []
    return Object.entries(files).flatMap(([name, content]) => {
      const key = formatKeyPath([...path, 'verifyFiles', disclosure.showName(name)])
      if (!/^[A-Za-z0-9_-]{1,100}\.txt$/.test(name)) {
        return [
          {
            key,
            message:
              'must be the name of the file WeChat gave, such as "MP_verify_a1B2c3.txt", without a folder',
          },
        ]
      }
      const other = contents.get(name)
      contents.set(name, content)
      return other === undefined || other === content
        ? []
        : [
            {
              key,
              message: 'has another content in an earlier account; one address can only serve one of them',
            },
          ]
    })
  })
}

function foreignAccounts(raw: unknown, appIds: readonly Place[], disclosure: Disclosure): ConfigProblem[] {
  const known = new Set(appIds.map(({ value }) => value))
  // With a mistake in an appId the reference to it may well be right.
  const sure = appIds.every(({ value }) => typeof value === 'string' && /^wx[0-9a-z]{16}$/.test(value))
  if (!sure) return []
  return places(raw, ['clients'], ['accounts'], [])
    .filter(({ value }) => typeof value === 'string' && /^wx[0-9a-z]{16}$/.test(value) && !known.has(value))
    .map(({ path, value }) => {
      const key = formatKeyPath(path)
      const shown = disclosure.show(key, value)
      return {
        key,
        message: `must be the appId of a configured account${shown === undefined ? '' : `, got ${shown}`}`,
      }
    })
}
