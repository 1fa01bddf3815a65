import { z } from '@hono/zod-openapi'
import { exactNumber } from '../http/exact-number.ts'
import type { User } from '../people/add-user.ts'
import type { Fan } from '../people/fan.ts'
import { maskPhone, showPhone } from '../people/phone.ts'
import { formatFanTime } from './fan-time.ts'

/** Fields of the marketing platform that have no meaning here; callers expect them to be there. */
const USER_EXTRAS = { appHostId: null, appId: null, appPortId: null, appAppId: null }

/** A fan as getFans answers it. */
export function fanAnswer(fan: Fan, portId: number): Record<string, unknown> {
  return {
    fansId: fan.fanId,
    openId: fan.openId,
    subscribe: fan.subscribe ?? null,
    nickname: fan.nickname ?? null,
    sex: fan.sex ?? null,
    sexDesc: fan.sexDesc ?? null,
    city: fan.city ?? null,
    country: fan.country ?? null,
    province: fan.province ?? null,
    language: fan.language ?? null,
    headImgUrl: fan.headImgUrl ?? null,
    subscribeTime: fan.subscribedAt === undefined ? null : formatFanTime(fan.subscribedAt),
    unionId: fan.unionId,
    remark: fan.remark ?? null,
    groupid: fan.groupId ?? null,
    tagidList: fan.tagIds ?? null,
    subscribeScene: fan.subscribeScene ?? null,
    qrScene: fan.qrScene ?? null,
    qrSceneStr: fan.qrSceneStr ?? null,
    appId: fan.appId,
    createTime: null,
    appHostId: null,
    appPortId: portId,
    group: fan.group ?? null,
    groups: null,
    userId: exactNumber(fan.userId),
    userIdStr: fan.userId,
    fansUpdateTime: formatFanTime(fan.updatedAt),
    fansCreateTime: formatFanTime(fan.createdAt),
  }
}

/** A unified user as addUser answers it. */
export function userAnswer(user: User, mayReadPhone: boolean): Record<string, unknown> {
  return {
    userId: exactNumber(user.userId),
    userIdStr: user.userId,
    unionId: user.unionId,
    secretPhone:
      user.phone === undefined ? null : mayReadPhone ? showPhone(user.phone) : maskPhone(user.phone),
    createTime: formatFanTime(user.createdAt),
    updateTime: formatFanTime(user.updatedAt),
    ...USER_EXTRAS,
  }
}

const exactUserId = z
  .number()
  .describe('18 digits, written exactly; browsers round it, so read userIdStr there')
const userIdStr = z.string().describe('The same digits as text')
const time = z.string().describe('2026-03-09T11:54:44.000+0000')
const text = z.string().nullable()
const count = z.number().int().nullable()

/** `fanAnswer`, for the documentation. */
export const fanAnswerSchema: z.ZodObject = z.object({
  fansId: z.number().int(),
  openId: z.string(),
  subscribe: count,
  nickname: text,
  sex: count,
  sexDesc: count,
  city: text,
  country: text,
  province: text,
  language: text,
  headImgUrl: text,
  subscribeTime: time.nullable(),
  unionId: z.string(),
  remark: text,
  groupid: count,
  tagidList: z.array(z.number().int()).nullable(),
  subscribeScene: text,
  qrScene: text,
  qrSceneStr: text,
  appId: z.string(),
  createTime: z.null(),
  appHostId: z.null(),
  appPortId: z.number().int(),
  group: text,
  groups: z.null(),
  userId: exactUserId,
  userIdStr,
  fansUpdateTime: time,
  fansCreateTime: time,
})

/** `userAnswer`, for the documentation. */
export const userAnswerSchema: z.ZodObject = z.object({
  userId: exactUserId,
  userIdStr,
  unionId: z.string(),
  secretPhone: text.describe('138****8000; in full with the scope people:phone'),
  createTime: time,
  updateTime: time,
  appHostId: z.null(),
  appId: z.null(),
  appPortId: z.null(),
  appAppId: z.null(),
})
