import { z } from '@hono/zod-openapi'

const MAX_APP_ID_LENGTH = 64

export const appId = z
  .string()
  .max(MAX_APP_ID_LENGTH)
  .optional()
  .describe('May be left out when one account is configured')
export const url = z
  .string()
  .min(1)
  .describe('The address the page really has; what follows the first # is not signed')

export const signatureFields = z.object({ appId, url })

export type SignatureFields = z.output<typeof signatureFields>

/**
 * Reads what nearly every page sends without the schema; `undefined` leaves the decision to it.
 *
 * What it returns is what the schema returns.
 */
export function plainFields(body: unknown): SignatureFields | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined
  const { appId, url } = body as Record<string, unknown>
  if (typeof url !== 'string' || url === '') return undefined
  if (appId === undefined) return { url }
  return typeof appId === 'string' && appId.length <= MAX_APP_ID_LENGTH ? { appId, url } : undefined
}
