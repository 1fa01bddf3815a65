import { z } from 'zod'
import type { SandboxOptions } from '../types.ts'
import { ACCOUNT_KEYS, accountsSchema } from './account-schema.ts'
import { CARD_KEYS } from './card-schema.ts'
import { nearestName } from './nearest-name.ts'
import { OAUTH_KEYS, oauthSchema, VISITOR_KEYS, visitorsSchema } from './oauth-schema.ts'

/** A configuration with mistakes; {@link SandboxConfigError.mistakes} holds one line for each, by key. */
export class SandboxConfigError extends Error {
  override readonly name = 'SandboxConfigError'
  readonly code = 'invalid_sandbox_config'
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(`The sandbox configuration has ${mistakes.length} mistake(s):\n${mistakes.join('\n')}`)
    this.mistakes = mistakes
  }
}

const configSchema = z.strictObject({
  $schema: z.string().exactOptional(),
  accounts: accountsSchema.exactOptional(),
  ticketRotation: z.enum(['kept', 'every-call']).exactOptional(),
  formerTicketS: z.number().min(0).exactOptional(),
  configTimestampMaxAgeS: z.number().min(0).exactOptional(),
  wrongSecretErrcode: z.union([z.literal(40125), z.literal(40001)]).exactOptional(),
  forceQuotaErrcode: z.union([z.literal(45009), z.literal(45011)]).exactOptional(),
  quotaErrmsg: z.enum(['reach max api daily quota limit', 'api freq out of limit']).exactOptional(),
  ticketDailyLimit: z.int().min(0).exactOptional(),
  visitors: visitorsSchema.exactOptional(),
  visitor: z.string().exactOptional(),
  oauth: oauthSchema.exactOptional(),
  callerIp: z.string().exactOptional(),
})

const KEYS_IN: Readonly<Record<string, readonly string[]>> = {
  accounts: ACCOUNT_KEYS,
  visitors: VISITOR_KEYS,
  oauth: OAUTH_KEYS,
}

/**
 * Reads the JSON text of a `sandbox.json`: the options of {@link SandboxOptions} that are plain values.
 *
 * @throws {SandboxConfigError} `invalid_sandbox_config` with every mistake at once, by key; no value of a secret
 * is in it.
 * @example
 * const options = readSandboxConfig('{"accounts":[{"appId":"wx0123456789abcdef","appSecret":"s","safeDomains":["h5.example.com"]}]}')
 */
export function readSandboxConfig(text: string): SandboxOptions {
  const parsed = configSchema.safeParse(parseJson(text))
  if (!parsed.success) throw new SandboxConfigError(parsed.error.issues.flatMap(linesOf))
  const { $schema: _schema, ...options } = parsed.data
  return options
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (_notJson) {
    throw new SandboxConfigError(['(file): is not JSON; comments and trailing commas are not allowed'])
  }
}

function linesOf(issue: z.core.$ZodIssue): string[] {
  const key = issue.path.join('.')
  if (issue.code !== 'unrecognized_keys') return [`${key === '' ? '(file)' : key}: ${issue.message}`]
  const [first, , third] = issue.path
  const isCard = first === 'accounts' && third === 'cards'
  const known = isCard ? CARD_KEYS : (KEYS_IN[String(first)] ?? Object.keys(configSchema.shape))
  return issue.keys.map((name) => {
    const path = [...issue.path, name].join('.')
    return `${path}: is not a key of the sandbox; did you mean ${nearestName(name, known)}?`
  })
}
