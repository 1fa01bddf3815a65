import { z } from 'zod'
import type { SandboxCard } from '../card-types.ts'

const code = z.string().min(1).max(20, 'WeChat takes codes of at most 20 characters')

const cardSchema = z.strictObject({
  cardId: z
    .string()
    .regex(/^p[A-Za-z0-9_-]{27}$/, 'must be 28 characters of A-Z, a-z, 0-9, _ and -, the first one p'),
  title: z.string().min(1).max(27),
  brandName: z.string().min(1).exactOptional(),
  color: z
    .string()
    .regex(/^(Color\d{3}|#[0-9a-fA-F]{6})$/, 'must be a name like Color010 or a value like #63b359')
    .exactOptional(),
  cardType: z.enum([
    'GROUPON',
    'DISCOUNT',
    'GIFT',
    'CASH',
    'GENERAL_COUPON',
    'MEMBER_CARD',
    'SCENIC_TICKET',
    'MOVIE_TICKET',
    'BOARDING_PASS',
    'MEETING_TICKET',
    'BUS_TICKET',
    'LUCKY_MONEY',
  ]),
  quantity: z.int().min(0).max(100_000_000),
  getLimit: z.int().min(1).exactOptional(),
  useCustomCode: z.boolean().exactOptional(),
  customCodes: z.array(code).exactOptional(),
  bindOpenid: z.boolean().exactOptional(),
  status: z
    .enum([
      'CARD_STATUS_NOT_VERIFY',
      'CARD_STATUS_VERIFY_FAIL',
      'CARD_STATUS_VERIFY_OK',
      'CARD_STATUS_USER_DELETE',
      'CARD_STATUS_DISPATCH',
    ])
    .exactOptional(),
  shopIds: z.array(z.string().min(1)).exactOptional(),
})

export const CARD_KEYS: readonly string[] = Object.keys(cardSchema.shape)

/** The cards of an account, each id once. */
export const cardsSchema: z.ZodType<readonly SandboxCard[]> = z
  .array(cardSchema)
  .max(500)
  .superRefine((cards, context) => {
    const ids = cards.map(({ cardId }) => cardId)
    for (const [index, card] of cards.entries()) {
      const refuse = (key: string, message: string): void =>
        context.addIssue({ code: 'custom', path: [index, key], message })
      if (ids.indexOf(card.cardId) !== index) refuse('cardId', `${card.cardId} is listed twice`)
      if (card.customCodes !== undefined && card.useCustomCode !== true)
        refuse('customCodes', 'are for cards with "useCustomCode": true')
    }
  })

/** @throws {TypeError} that names every mistake. */
export function assertCards(cards: readonly SandboxCard[]): void {
  const parsed = cardsSchema.safeParse(cards)
  if (parsed.success) return
  const mistakes = parsed.error.issues.map(
    ({ path, message }) => `${['cards', ...path].join('.')}: ${message}`,
  )
  throw new TypeError(`The sandbox cannot hand out these cards. ${mistakes.join('; ')}`)
}
