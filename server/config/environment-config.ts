import { checkConfig } from './check.ts'
import { type Environment, splitList } from './references.ts'
import type { Config } from './types.ts'

const variables: ReadonlyArray<readonly [key: string, variable: string]> = [
  ['publicUrl', 'WX_PUBLIC_URL'],
  ['wechat.apiHosts', 'WX_API_HOSTS'],
  ['accounts[0].appId', 'WX_APP_ID'],
  ['accounts[0].appSecret', 'WX_APP_SECRET'],
  ['accounts[0].pageOrigins', 'WX_PAGE_ORIGINS'],
  ['accounts[0].redirects', 'WX_REDIRECTS'],
]

/** Whether any variable of a configuration by environment alone is set. */
export function hasEnvironmentConfig(environment: Environment): boolean {
  return variables.some(([, variable]) => (environment[variable] ?? '') !== '')
}

/**
 * Builds the configuration of one account from `WX_…` variables alone.
 *
 * @throws {ConfigError} naming the variables, not key paths
 */
export function configFromEnvironment(environment: Environment): Config {
  const read = (variable: string): string | undefined => environment[variable] || undefined
  const readList = (variable: string): string[] | undefined => {
    const text = read(variable)
    return text === undefined ? undefined : splitList(text)
  }
  const raw = defined({
    publicUrl: read('WX_PUBLIC_URL'),
    wechat: defined({ apiHosts: readList('WX_API_HOSTS') }),
    accounts: [
      defined({
        appId: read('WX_APP_ID'),
        appSecret: read('WX_APP_SECRET'),
        pageOrigins: readList('WX_PAGE_ORIGINS'),
        redirects: readList('WX_REDIRECTS'),
      }),
    ],
  })
  return checkConfig({ value: raw, referenced: new Map(), missing: [] }, environment, (key) => {
    const match = variables.find(([path]) => key.startsWith(path))
    return match === undefined ? key : `${match[1]}${key.slice(match[0].length)}`
  })
}

const defined = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
