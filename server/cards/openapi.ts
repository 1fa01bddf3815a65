import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { tokenSecurity } from '../access/openapi.ts'
import { problemResponses } from '../http/problem-schema.ts'
import { chooseFields, extFields, grantFields } from './fields.ts'

const cardList = z.object({
  cardList: z.array(
    z.object({ cardId: z.string(), cardExt: z.string().describe('JSON, ready for wx.addCard') }),
  ),
})
const chosen = z.object({
  shopId: z.string(),
  cardId: z.string(),
  cardType: z.string(),
  timestamp: z.number().int(),
  nonceStr: z.string(),
  signType: z.literal('SHA1'),
  cardSign: z.string(),
})

/** Describes the routes of cards in the OpenAPI document. */
export function describeCards(app: OpenAPIHono): void {
  const route = (
    path: string,
    summary: string,
    description: string,
    fields: z.ZodObject,
    answer: z.ZodObject,
    security: typeof tokenSecurity = [],
  ): void =>
    app.openAPIRegistry.registerPath({
      method: 'post',
      path,
      security,
      summary,
      description,
      request: { body: { required: true, content: { 'application/json': { schema: fields } } } },
      responses: {
        200: { description: 'Finished parameters', content: { 'application/json': { schema: answer } } },
        ...problemResponses,
      },
    })
  route(
    '/v1/cards/ext',
    'Sign cards for wx.addCard',
    'Backends with scope `sign` may ask for any card; a page only for cards on `publicCards`, without code and openid, or for the one card of a grant. Nonce and timestamp are made here, anew for every card.',
    extFields,
    cardList,
  )
  route(
    '/v1/cards/choose',
    'Sign the parameters of wx.chooseCard',
    'Who may ask: as for `/v1/cards/ext`. The answer is passed to wx.chooseCard as it is.',
    chooseFields,
    chosen,
  )
  route(
    '/v1/cards/grants',
    'Let a page have one bound card',
    'For backends with scope `sign` that know who the visitor is (`/v1/identity/redeem`): the page sends the grant to `/v1/cards/ext` within ten minutes, once.',
    grantFields,
    z.object({ grant: z.string(), expiresIn: z.number().int().describe('Seconds') }),
    tokenSecurity,
  )
}
