import { z } from 'zod'
import { accountChangesSchema } from '../config/account-schema.ts'
import { cardsSchema } from '../config/card-schema.ts'
import { oauthSchema, visitorsSchema } from '../config/oauth-schema.ts'
import { faultKinds } from '../faults.ts'

const fault = z.strictObject({
  kind: z.custom<(typeof faultKinds)[number]>((kind) => faultKinds.some((known) => known === kind), {
    error: `unknown fault kind; known: ${faultKinds.join(', ')}`,
  }),
  path: z.string().exactOptional(),
  times: z.int().min(1).exactOptional(),
  delayMs: z.number().min(0).max(3_600_000).exactOptional(),
  offsetMs: z.number().exactOptional(),
  expiresIn: z.unknown().exactOptional(),
})

const profile = z.enum(['ios', 'android', 'harmony', 'windows', 'mac', 'devtools', 'wecom-ios'])

const cardCaller = { profile, appId: z.string(), visitor: z.string().exactOptional() }

/** What the control routes accept. */
export const controlSchemas = {
  fault,
  faults: z.strictObject({ faults: z.array(fault).max(100) }),
  clock: z.union([z.strictObject({ advanceMs: z.number() }), z.strictObject({ now: z.number() })], {
    error: 'give either {"advanceMs": milliseconds} or {"now": epoch milliseconds}',
  }),
  rotate: z.strictObject({
    appId: z.string().exactOptional(),
    type: z.enum(['jsapi', 'wx_card']).exactOptional(),
  }),
  revoke: z.strictObject({ appId: z.string().exactOptional() }),
  verify: z.object({
    profile,
    landingUrl: z.string(),
    currentUrl: z.string(),
    appId: z.string(),
    timestamp: z.string(),
    nonceStr: z.string(),
    signature: z.string(),
    signType: z.string(),
    jsApiList: z.array(z.string()),
    openTagList: z.array(z.string()).exactOptional(),
  }),
  cards: z.strictObject({ appId: z.string().exactOptional(), cards: cardsSchema }),
  addCard: z.object({
    ...cardCaller,
    cardList: z.array(z.object({ card_id: z.unknown(), card_ext: z.unknown() })).max(100),
    step: z.enum(['check', 'take']).exactOptional(),
  }),
  chooseCard: z.object({
    ...cardCaller,
    locationId: z.string(),
    cardId: z.string(),
    cardType: z.string(),
    timestamp: z.string(),
    nonceStr: z.string(),
    cardSign: z.string(),
    signType: z.string(),
  }),
  viewCard: z.object({
    ...cardCaller,
    cardList: z.array(z.object({ card_id: z.unknown(), code: z.unknown() })).max(100),
    consumed: z.boolean().exactOptional(),
  }),
  chooseVisitor: z.strictObject({
    current: z.string().nullable(),
    thisBrowser: z.boolean().exactOptional(),
  }),
  visitors: z.strictObject({ visitors: visitorsSchema }),
  oauth: oauthSchema,
  authorizeUrl: z.strictObject({ url: z.string() }),
  changeAccount: z.strictObject({ appId: z.string().exactOptional(), changes: accountChangesSchema }),
  logEntry: z.record(z.string(), z.unknown()),
}
