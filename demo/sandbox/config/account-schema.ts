import { z } from 'zod'
import type { SandboxAccount } from '../types.ts'
import { isIpAddress, isLoopbackHost } from '../verify/safe-domain.ts'
import { cardsSchema } from './card-schema.ts'

const safeDomain = z.string().refine(isDomain, {
  error: 'must be a host name without scheme, port and path, and no IP address but 127.0.0.1',
})

const oauthDomain = z.string().refine(isDomain, {
  error: 'must be a whole host name without scheme, port and path',
})

/** One account, as users write it. */
const accountSchema = z.strictObject({
  appId: z.string().regex(/^wx[0-9a-z]{16}$/, 'must be wx and 16 letters or digits'),
  appSecret: z.string().min(1, 'must not be empty'),
  name: z.string().exactOptional(),
  safeDomains: z.array(safeDomain).max(5, 'WeChat takes at most 5 JS-safe domains'),
  ipWhitelist: z.array(z.string()).exactOptional(),
  frozen: z.boolean().exactOptional(),
  cardRight: z.boolean().exactOptional(),
  tokenDailyLimit: z.int().min(0).exactOptional(),
  oauthDomain: z
    .union([oauthDomain, z.array(oauthDomain).max(2, 'WeChat takes at most 2 domains')], {
      error: 'must be a host name without scheme, port and path, or a list of at most two',
    })
    .exactOptional(),
  oauthScheme: z.enum(['http', 'https']).exactOptional(),
  oauthScopes: z.array(z.enum(['snsapi_base', 'snsapi_userinfo'])).exactOptional(),
  oauthMinuteLimit: z.int().min(0).exactOptional(),
  banned: z.boolean().exactOptional(),
  followersOnly: z.boolean().exactOptional(),
  thirdPartyUnauthorized: z.boolean().exactOptional(),
  openPlatformApp: z.boolean().exactOptional(),
  openPlatform: z.union([z.string().min(1), z.literal(false)]).exactOptional(),
  cards: cardsSchema.exactOptional(),
})

export const ACCOUNT_KEYS: readonly string[] = Object.keys(accountSchema.shape)

/** What may change of an account while the sandbox runs. */
export const accountChangesSchema: z.ZodType<Partial<Omit<SandboxAccount, 'appId' | 'cards'>>> = accountSchema
  .omit({ appId: true, cards: true })
  .exactPartial()

/** The accounts of a sandbox, each appId once. */
export const accountsSchema: z.ZodType<readonly SandboxAccount[]> = z
  .array(accountSchema)
  .superRefine((accounts, context) => {
    const seen = new Set<string>()
    for (const [index, { appId }] of accounts.entries()) {
      if (seen.has(appId)) {
        context.addIssue({ code: 'custom', path: [index, 'appId'], message: `${appId} is listed twice` })
      }
      seen.add(appId)
    }
  })

/** @throws {TypeError} that names every mistake, and no secret. */
export function assertAccounts(accounts: readonly SandboxAccount[]): void {
  const parsed = accountsSchema.safeParse(accounts)
  if (parsed.success) return
  const mistakes = parsed.error.issues.map(({ path, message }) => `accounts.${path.join('.')}: ${message}`)
  throw new TypeError(`The sandbox cannot play these accounts. ${mistakes.join('; ')}`)
}

function isDomain(text: string): boolean {
  if (isLoopbackHost(text)) return true
  if (!/^[^\s/:?#@\\]+$/.test(text) || !URL.canParse(`http://${text}`)) return false
  const { hostname } = new URL(`http://${text}`)
  return hostname === text.toLowerCase() && !isIpAddress(hostname)
}
