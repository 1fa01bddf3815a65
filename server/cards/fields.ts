import { z } from '@hono/zod-openapi'

/** A text or an integer without control characters; anything else would be signed as something nobody meant. */
const value = (longest: number) =>
  z
    .union([z.string(), z.number().int().nonnegative().safe()])
    .transform(String)
    .pipe(
      z
        .string()
        .max(longest)
        .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), 'must not hold control characters'),
    )
    .transform((text) => (text === '' ? undefined : text))
    .optional()

export const cardId: z.ZodString = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -')
export const openid: z.ZodString = z
  .string()
  .regex(/^[A-Za-z0-9_-]{6,64}$/, 'must be 6 to 64 characters of A-Z, a-z, 0-9, _ and -')

const appId = z.string().max(64).optional().describe('May be left out when one account is configured')

export const cardFields = z.strictObject({
  cardId,
  code: value(20).describe('For cards with codes of their own; backends only'),
  openid: z
    .union([openid, z.literal('').transform(() => undefined)])
    .optional()
    .describe('For cards bound to one person; backends only'),
  balance: value(20).describe('Only for cards of the old kind LUCKY_MONEY; backends only'),
  outerStr: value(128).describe('Comes back in the card events; not signed'),
  outerId: value(128).describe('The older name of outerStr'),
  fixedBeginTimestamp: value(20).describe('Seconds since 1970; not signed'),
})

export const extFields = z.object({
  appId,
  cards: z.array(cardFields).min(1).max(20),
  grant: z
    .string()
    .max(64)
    .optional()
    .describe('From /v1/cards/grants: a backend lets this page have one bound card'),
})

export const grantFields = z.object({ appId, openid, cardId, code: value(20) })

export const chooseFields = z.object({
  appId,
  shopId: value(64),
  cardId: cardId.optional(),
  cardType: value(32).describe('For example GROUPON, DISCOUNT, GIFT, CASH, GENERAL_COUPON'),
})
