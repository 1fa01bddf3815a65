import { z } from '@hono/zod-openapi'
import { LosslessNumber } from 'lossless-json'
import type { NewFan } from '../people/fan.ts'
import { parseFanTime } from './fan-time.ts'

export const wechatId: z.ZodString = z
  .string()
  .regex(/^[A-Za-z0-9_-]{6,64}$/, 'must be 6 to 64 of A-Z a-z 0-9 _ -')

const USER_ID = /^[1-9]\d{17}$/
const MAX_TEXT = 256
const MAX_ADDRESS = 1_024
const MAX_INTEGER = 2_147_483_647

const absentWhenNull = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? undefined)

const plainText = (max: number) =>
  z
    .string('must be a text')
    .max(max, `must be at most ${max} characters`)
    .refine((text) => !text.includes('\0') && text.isWellFormed(), 'must be valid Unicode without NUL')

const text = absentWhenNull(plainText(MAX_TEXT))
const integer = (max = MAX_INTEGER) =>
  absentWhenNull(
    z
      .number('must be an integer')
      .int('must be an integer')
      .min(0, 'must not be negative')
      .max(max, `must be at most ${max}`),
  )
const textOrNumber = absentWhenNull(
  z.union([z.number().transform(String), plainText(MAX_TEXT)], 'must be a text of at most 256 characters'),
)
const address = absentWhenNull(
  plainText(MAX_ADDRESS).refine(
    (value) => value === '' || /^https?:\/\/[^\s/]/i.test(value),
    'must be an http or https address',
  ),
)
const time = absentWhenNull(
  z.string('must be a time as text').transform((value, context) => {
    if (value === '') return undefined
    const at = parseFanTime(value)
    if (at === undefined) {
      context.addIssue({
        code: 'custom',
        message:
          'must be a time like "Mar 9, 2026 7:54:44 PM" or "2026-03-09 19:54:44" (UTC+8), or ISO 8601 with its offset',
      })
    }
    return at
  }),
)
const userId = absentWhenNull(
  z
    .union(
      [z.string(), z.instanceof(LosslessNumber).transform((number) => number.toString())],
      'must be 18 digits',
    )
    .refine((digits) => digits === '' || USER_ID.test(digits), 'must be 18 digits'),
)

/**
 * One entry of `fans`. Unknown fields are passed over, so that what getFans answers can be sent back.
 *
 * Numbers that a double cannot hold arrive as `LosslessNumber`.
 */
const fanRow = z.object(
  {
    openId: wechatId,
    unionId: wechatId,
    userId,
    appId: text,
    subscribe: integer(1),
    nickname: text,
    sex: integer(2),
    sexDesc: integer(),
    city: text,
    country: text,
    province: text,
    language: text,
    headImgUrl: address,
    subscribeTime: time,
    remark: text,
    groupid: integer(),
    tagidList: absentWhenNull(
      z.array(z.number().int().min(0).max(MAX_INTEGER), 'must be a list of numbers').max(100),
    ),
    subscribeScene: text,
    qrScene: textOrNumber,
    qrSceneStr: text,
    group: text,
    fansUpdateTime: time,
  },
  'must be an object',
)

interface RowProblem {
  /** `openId`, `tagidList.0`, or empty when the row is no object. */
  readonly field: string
  readonly reason: string
}

/** Reads one row; what is wrong with it is told by field, never with a value. */
export function readFanRow(value: unknown, appId: string): NewFan | readonly RowProblem[] {
  const parsed = fanRow.safeParse(value)
  if (!parsed.success) {
    return parsed.error.issues.map((issue) => ({
      field: issue.path.join('.'),
      reason: reasonOf(issue, value),
    }))
  }
  const { subscribeTime, fansUpdateTime, groupid, tagidList, appId: ownAppId, ...same } = parsed.data
  if (ownAppId !== undefined && ownAppId !== '' && ownAppId !== appId) {
    return [{ field: 'appId', reason: 'must be the appId of the request' }]
  }
  return {
    ...same,
    userId: same.userId === '' ? undefined : same.userId,
    subscribedAt: subscribeTime,
    updatedAt: fansUpdateTime,
    groupId: groupid,
    tagIds: tagidList,
  }
}

function reasonOf(issue: z.core.$ZodIssue, row: unknown): string {
  const [field] = issue.path
  const isMissing =
    typeof field === 'string' && typeof row === 'object' && row !== null && !Object.hasOwn(row, field)
  return isMissing ? 'is required' : issue.message
}
