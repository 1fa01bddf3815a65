import type { Generated } from 'kysely'

/** Who somebody is across the accounts of one open platform; the union id never changes. */
export interface UsersTable {
  /** 18 digits, as text: no double holds them. */
  user_id: string
  union_id: string
  /** The client that asked for the user; absent for those whom a visit made. */
  created_by: string | null
  created_at: number
  updated_at: number
}

/** A user's phone number, unreadable without the keys. */
export interface UserPhonesTable {
  user_id: string
  /** Keyed hash of the number: finds it and keeps it unique. */
  phone_index: string
  key_id: string
  sealed: string
  created_at: number
}

/** A person as one account knows them. Their user is the one with the same union id. */
export interface FansTable extends FanColumns {
  fan_id: Generated<number>
  app_id: string
  open_id: string
  created_at: number
}

export interface FanColumns {
  union_id: string | null
  subscribe: number | null
  nickname: string | null
  sex: number | null
  sex_desc: number | null
  city: string | null
  country: string | null
  province: string | null
  language: string | null
  head_img_url: string | null
  subscribed_at: number | null
  remark: string | null
  group_id: number | null
  /** A JSON array of numbers. */
  tag_ids: string | null
  subscribe_scene: string | null
  qr_scene: string | null
  qr_scene_str: string | null
  group_name: string | null
  updated_at: number
}
