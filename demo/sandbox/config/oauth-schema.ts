import { z } from 'zod'
import type { OAuthSwitches, SandboxVisitor } from '../oauth-types.ts'

const picture = z.string().refine((text) => /^($|\/(?!\/)|https?:\/\/\S+$)/.test(text), {
  error: 'must be empty, a web address, or a path that begins with one slash',
})

const visitorSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and -, at most 40'),
  name: z.string().max(100),
  nickname: z.string().max(100),
  headimgurl: picture,
  follower: z.boolean(),
  enteredFrom: z.enum(['chat', 'link']).exactOptional(),
  unionid: z.boolean(),
  snapshot: z.boolean().exactOptional(),
  refuses: z.boolean().exactOptional(),
})

/** Visitors, as users write them. */
export const visitorsSchema: z.ZodType<readonly SandboxVisitor[]> = z
  .array(visitorSchema)
  .min(1, 'must name at least one visitor')
  .max(200)

const switchesSchema = z.strictObject({
  requireWechatUserAgent: z.boolean(),
  doubleCallback: z.literal([false, 'same-code', 'new-code']),
  cookiesLost: z.boolean(),
  refusal: z.enum(['stays', 'state-only']),
  remembersConsent: z.boolean(),
  snapshotProfile: z.enum(['refused', 'virtual']),
  snapshotMark: z.boolean(),
})

/** Some of the switches of web page authorization. */
export const oauthSchema: z.ZodType<Partial<OAuthSwitches>> = switchesSchema.exactPartial()

export const VISITOR_KEYS: readonly string[] = Object.keys(visitorSchema.shape)
export const OAUTH_KEYS: readonly string[] = Object.keys(switchesSchema.shape)

/** @throws {TypeError} that names every mistake. */
export function assertVisitors(visitors: readonly SandboxVisitor[]): void {
  assertMatches(visitorsSchema, visitors, 'visitors', 'The sandbox cannot take these visitors.')
}

/** @throws {TypeError} that names every mistake. */
export function assertOAuthSwitches(switches: Partial<OAuthSwitches>): void {
  assertMatches(oauthSchema, switches, 'oauth', 'The sandbox has no such switches.')
}

function assertMatches(schema: z.ZodType, value: unknown, key: string, failure: string): void {
  const parsed = schema.safeParse(value)
  if (parsed.success) return
  const mistakes = parsed.error.issues.map(({ path, message }) => `${[key, ...path].join('.')}: ${message}`)
  throw new TypeError(`${failure} ${mistakes.join('; ')}`)
}
