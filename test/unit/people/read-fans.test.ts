import fc from 'fast-check'
import { LosslessNumber } from 'lossless-json'
import { describe, expect, test } from 'vitest'
import { MAX_FANS, readFans } from '../../../server/marketing/read-fans.ts'

const APP = 'wx0123456789abcdef'
const good = { openId: 'open-000001', unionId: 'union-000001' }

function complaint(value: unknown): string {
  try {
    readFans(value, APP)
  } catch (error) {
    if (error instanceof Error) return error.message
  }
  return 'accepted'
}

describe('fans that are handed in', () => {
  test('every field of a row is read', () => {
    const row = {
      ...good,
      appId: APP,
      userId: new LosslessNumber('123456789012345678'),
      subscribe: 1,
      nickname: '小明 😀',
      sex: 1,
      sexDesc: 0,
      city: 'Guangzhou',
      country: 'China',
      province: 'Guangdong',
      language: 'zh_CN',
      headImgUrl: 'https://img.example.com/1.png',
      subscribeTime: 'Mar 9, 2026 7:54:44 PM',
      remark: '',
      groupid: 2,
      tagidList: [1, 2],
      subscribeScene: 'ADD_SCENE_SEARCH',
      qrScene: 0,
      qrSceneStr: '',
      group: '',
      fansUpdateTime: '2025-03-09 19:54:46',
    }
    const { subscribeTime, fansUpdateTime, groupid, tagidList, appId, ...same } = row
    expect(readFans([row], APP)).toEqual([
      {
        ...same,
        userId: '123456789012345678',
        qrScene: '0',
        subscribedAt: Date.UTC(2026, 2, 9, 11, 54, 44),
        updatedAt: Date.UTC(2025, 2, 9, 11, 54, 46),
        groupId: 2,
        tagIds: [1, 2],
      },
    ])
  })

  test('null and unknown fields are passed over, so that what getFans answers can be sent back', () => {
    const row = {
      ...good,
      userIdStr: '1',
      fansId: 5,
      createTime: null,
      nickname: null,
      userId: null,
      groups: null,
    }
    expect(readFans([row], APP)[0]).toMatchObject(good)
    expect(readFans([row], APP)[0]?.nickname).toBeUndefined()
  })

  test.each([
    ['no list', { openId: 'x' }, '"fans": must be a JSON array'],
    ['nothing', undefined, '"fans": must be a JSON array'],
    ['an empty list', [], '"fans": holds 0 rows; 1 to 1000'],
    ['too many rows', Array(MAX_FANS + 1).fill(good), '"fans": holds 1001 rows; 1 to 1000'],
    ['a row that is no object', [good, 'text'], 'fans[1] must be an object'],
    ['a row that is a list', [[good]], 'fans[0] must be an object'],
    ['a missing openId', [{ unionId: 'union-000001' }], 'fans[0].openId is required'],
    ['a missing unionId', [good, { openId: 'open-000002' }], 'fans[1].unionId is required'],
    ['a short unionId', [{ ...good, unionId: 'abc' }], 'fans[0].unionId must be 6 to 64 of'],
    ['an openId with spaces', [{ ...good, openId: 'open 000001' }], 'fans[0].openId must be 6 to 64 of'],
    ['a rounded userId', [{ ...good, userId: 123456 }], 'fans[0].userId must be 18 digits'],
    [
      'a userId with letters',
      [{ ...good, userId: '12345678901234567x' }],
      'fans[0].userId must be 18 digits',
    ],
    ['an object as userId', [{ ...good, userId: { $gt: '' } }], 'fans[0].userId must be 18 digits'],
    [
      'a time nobody understands',
      [{ ...good, subscribeTime: 'gestern' }],
      'fans[0].subscribeTime must be a time',
    ],
    [
      'a day that does not exist',
      [{ ...good, fansUpdateTime: '2020-02-30 00:00:00' }],
      'fans[0].fansUpdateTime',
    ],
    ['NUL', [{ ...good, nickname: 'a\0b' }], 'fans[0].nickname must be valid Unicode without NUL'],
    ['half a character', [{ ...good, remark: '\ud800' }], 'fans[0].remark must be valid Unicode without NUL'],
    ['a long nickname', [{ ...good, nickname: 'x'.repeat(257) }], 'fans[0].nickname must be at most 256'],
    [
      'a script as picture',
      [{ ...good, headImgUrl: 'javascript:alert(1)' }],
      'fans[0].headImgUrl must be an http',
    ],
    [
      'another account',
      [{ ...good, appId: 'wxffffffffffffffff' }],
      'fans[0].appId must be the appId of the request',
    ],
    ['subscribe 2', [{ ...good, subscribe: 2 }], 'fans[0].subscribe must be at most 1'],
    ['a fraction', [{ ...good, sex: new LosslessNumber('0.5') }], 'fans[0].sex must be an integer'],
    ['a tag that is text', [{ ...good, tagidList: ['x'] }], 'fans[0].tagidList.0'],
    ['one person twice', [good, { ...good, nickname: 'again' }], 'fans[1].openId is the same as in fans[0]'],
  ])('%s is refused by name', (_, value, expected) => {
    expect(complaint(value)).toContain(expected)
  })

  test('all bad rows are named at once, the first twenty problems of them', () => {
    const message = complaint([good, ...Array.from({ length: 30 }, () => ({ unionId: 'union-000001' }))])
    expect(message).toMatch(/^30 of 31 rows do not fit: fans\[1\]\.openId is required; fans\[2\]/)
    expect(message).toMatch(/and 10 more\. Nothing was stored\.$/)
  })

  test('a message never repeats a value', () => {
    const marked = 'MARKED_VALUE'
    const fields = [
      'openId',
      'unionId',
      'userId',
      'subscribe',
      'nickname',
      'headImgUrl',
      'subscribeTime',
      'appId',
    ]
    for (const field of fields) {
      expect(complaint([{ ...good, [field]: { [marked]: marked } }])).not.toContain(marked)
      expect(complaint([{ ...good, [field]: `${marked} \0` }])).not.toContain(marked)
    }
  })

  test('whatever is handed in is read or refused with invalid_request, and objects stay as they were', () => {
    const fields = fc.constantFrom(
      'openId',
      'unionId',
      'userId',
      'nickname',
      'tagidList',
      '__proto__',
      'constructor',
    )
    const row = fc.oneof(fc.anything(), fc.dictionary(fields, fc.anything()))
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), (rows) => {
        try {
          readFans(rows, APP)
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid_request' })
        }
        expect(Object.keys(Object.prototype)).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })
})
