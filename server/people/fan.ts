import type { Insertable, Selectable } from 'kysely'
import type { FanColumns, FansTable } from '../storage/people-tables.ts'

/** What an account knows of one person. Absent is what nobody has told. */
export interface FanProfile {
  readonly subscribe?: number | undefined
  readonly nickname?: string | undefined
  readonly sex?: number | undefined
  readonly sexDesc?: number | undefined
  readonly city?: string | undefined
  readonly country?: string | undefined
  readonly province?: string | undefined
  readonly language?: string | undefined
  readonly headImgUrl?: string | undefined
  readonly subscribedAt?: number | undefined
  readonly remark?: string | undefined
  readonly groupId?: number | undefined
  readonly tagIds?: readonly number[] | undefined
  readonly subscribeScene?: string | undefined
  readonly qrScene?: string | undefined
  readonly qrSceneStr?: string | undefined
  readonly group?: string | undefined
}

/** A fan as a client hands it in. */
export interface NewFan extends FanProfile {
  readonly openId: string
  readonly unionId: string
  /** The unified user whom the client takes this person for; checked against the union id. */
  readonly userId?: string | undefined
  /** When this profile was true; now, when absent. */
  readonly updatedAt?: number | undefined
}

export interface Fan extends FanProfile {
  readonly fanId: number
  readonly appId: string
  readonly openId: string
  readonly unionId: string
  readonly userId: string
  readonly createdAt: number
  readonly updatedAt: number
}

/** Profile columns, in the order of the table; `updated_at` and `union_id` are written beside them. */
export function toRow(appId: string, fan: NewFan, now: number): Insertable<FansTable> & FanColumns {
  return {
    app_id: appId,
    open_id: fan.openId,
    union_id: fan.unionId,
    subscribe: fan.subscribe ?? null,
    nickname: fan.nickname ?? null,
    sex: fan.sex ?? null,
    sex_desc: fan.sexDesc ?? null,
    city: fan.city ?? null,
    country: fan.country ?? null,
    province: fan.province ?? null,
    language: fan.language ?? null,
    head_img_url: fan.headImgUrl ?? null,
    subscribed_at: fan.subscribedAt ?? null,
    remark: fan.remark ?? null,
    group_id: fan.groupId ?? null,
    tag_ids: fan.tagIds === undefined ? null : JSON.stringify(fan.tagIds),
    subscribe_scene: fan.subscribeScene ?? null,
    qr_scene: fan.qrScene ?? null,
    qr_scene_str: fan.qrSceneStr ?? null,
    group_name: fan.group ?? null,
    created_at: now,
    updated_at: fan.updatedAt ?? now,
  }
}

/** The other way round; PostgreSQL hands out 64-bit integers as text. */
export function fromRow(row: Selectable<FansTable>, unionId: string, userId: string): Fan {
  return {
    fanId: Number(row.fan_id),
    appId: row.app_id,
    openId: row.open_id,
    unionId,
    userId,
    subscribe: row.subscribe ?? undefined,
    nickname: row.nickname ?? undefined,
    sex: row.sex ?? undefined,
    sexDesc: row.sex_desc ?? undefined,
    city: row.city ?? undefined,
    country: row.country ?? undefined,
    province: row.province ?? undefined,
    language: row.language ?? undefined,
    headImgUrl: row.head_img_url ?? undefined,
    subscribedAt: row.subscribed_at === null ? undefined : Number(row.subscribed_at),
    remark: row.remark ?? undefined,
    groupId: row.group_id ?? undefined,
    tagIds: row.tag_ids === null ? undefined : (JSON.parse(row.tag_ids) as number[]),
    subscribeScene: row.subscribe_scene ?? undefined,
    qrScene: row.qr_scene ?? undefined,
    qrSceneStr: row.qr_scene_str ?? undefined,
    group: row.group_name ?? undefined,
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  }
}
