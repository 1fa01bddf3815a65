import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AuthInfo, isWeixinError, parseAuthInfo, type WeixinError } from '../../../client/index.ts'

const page = 'https://h5.example.com/shop'
const openid = 'oK3mZt-aBcDeFgHiJkLmNoPqRsTu'
const unionid = 'oU9wXyZaBcDeFgHiJkLmNoPqRsTv'
const ticket = 'abcdefghijklmnopqrstuvwxyzABCD12'

function failure(url: string): WeixinError | undefined {
  try {
    parseAuthInfo(url)
  } catch (error) {
    if (isWeixinError(error)) return error
    throw error
  }
  return undefined
}

describe('parseAuthInfo', () => {
  it('reads everything the service writes', () => {
    const query = `portid=4&appid=wx0f1e2d3c4b5a6978&openid=${openid}&userid=518203947716250413&unionid=${unionid}&ticket=${ticket}`
    expect(parseAuthInfo(`${page}?x=1&${query}#/cart`)).toStrictEqual({
      openid,
      userid: '518203947716250413',
      unionid,
      portid: '4',
      appid: 'wx0f1e2d3c4b5a6978',
      ticket,
    })
  })

  it('understands the older landing shape: path glued on, portid twice, code and state left in', () => {
    const url = `http://mem.360lj.com/mp3/wx/api/fans/authInfo?portid=4&redirectPath=http://mem.360lj.com/mp3&code=011hcG6Q1LWiB41n1B6Q1I4n6Q1hcG6y&state=1&portid=4&appid=wx0f1e2d3c4b5a6978&openid=${openid}&userid=518203947716250413&unionid=${unionid}`
    expect(parseAuthInfo(url)).toStrictEqual({
      openid,
      userid: '518203947716250413',
      unionid,
      portid: '4',
      appid: 'wx0f1e2d3c4b5a6978',
    })
  })

  it.each<[rule: string, address: string, result: AuthInfo]>([
    ['A1 the query wins', `?openid=${openid}#/r?openid=oOther_1`, { openid }],
    ['A1 the hash query counts where the query has none', `?x=1#/r?openid=${openid}`, { openid }],
    ['A1 the two are never mixed', `?openid=${openid}#/r?userid=42&unionid=${unionid}`, { openid }],
    ['A1 the two are never mixed, the other way', `?userid=42#/r?openid=${openid}`, { openid }],
    ['A1 what WeChat appends to the hash ends it', `#/r?openid=${openid}#wechat_redirect`, { openid }],
    ['A2 any letter case', `?OpenID=${openid}&USERID=1`, { openid, userid: '1' }],
    ['A2 encoded names', `?%6fpen%49d=${openid}`, { openid }],
    ['A2 encoded values', `?openid=%6f${openid.slice(1)}`, { openid }],
    ['A2 the same value twice', `?openid=${openid}&OPENID=%6f${openid.slice(1)}`, { openid }],
    ['A3 leading zeros', `?openid=${openid}&userid=00042`, { openid, userid: '00042' }],
    ['A3 20 digits', `?openid=${openid}&userid=99999999999999999999`, { openid, userid: '9'.repeat(20) }],
    ['A4 absent words', `?openid=${openid}&userid=&unionid=undefined&portid=NULL&appid=nan`, { openid }],
    ['A4 an absent word beside a value', `?openid=${openid}&openid=undefined`, { openid }],
    [
      'A5 shortest and longest',
      `?openid=abc_-1&unionid=${'u'.repeat(64)}`,
      { openid: 'abc_-1', unionid: 'u'.repeat(64) },
    ],
    ['A6 a malformed percent sequence elsewhere', `?q=%E4%zz&%zz=1&openid=${openid}`, { openid }],
    ['A6 a malformed value in the hash that does not count', `?openid=${openid}#/r?openid=%zz`, { openid }],
    [
      'no unionid, and why',
      `?openid=${openid}&unionidabsent=scope`,
      { openid, unionidAbsentBecause: 'scope' },
    ],
    ['a unionid after all', `?openid=${openid}&unionid=${unionid}&unionidabsent=scope`, { openid, unionid }],
    ['a reason nobody knows', `?openid=${openid}&unionidabsent=why`, { openid }],
    ["a page's own ticket", `?openid=${openid}&ticket=42`, { openid }],
    [
      'the ticket of the service after one of somebody else',
      `?ticket=${'x'.repeat(32)}&openid=${openid}&ticket=${ticket}`,
      { openid, ticket },
    ],
    ['an identity beside an old error', `?autherror=snapshot_user&openid=${openid}`, { openid }],
    [
      'names that belong to every object',
      `?__proto__=a&constructor=b&toString=c&openid=${openid}`,
      { openid },
    ],
  ])('%s', (_rule, address, result) => {
    expect(parseAuthInfo(page + address)).toStrictEqual(result)
  })

  it.each([
    ['A4 nothing at all', ''],
    ['A4 an empty openid', '?openid='],
    ['A4 a name without value', '?openid&userid=1'],
    ['A4 undefined', '?openid=undefined'],
    ['A4 null, encoded', '?openid=%6eull'],
    ['A4 NaN', '?openid=NaN'],
    ['A1 an openid in the query that is empty hides the one in the hash', `?openid=#/r?openid=${openid}`],
    ['an openid in the path', `/openid=${openid}`],
    ['an openid in a hash that is no route with a query', `#openid=${openid}`],
    ['an openid inside of another value', `?next=a%3Fopenid%3D${openid}`],
    ['an error nobody knows', '?autherror=whatever'],
  ])('%s is missing', (_rule, address) => {
    expect(failure(page + address)).toMatchObject({ code: 'auth_info_missing', hint: /authInfo/ })
  })

  it.each([
    ['A2 two openids', `?openid=${openid}&openid=${openid}x`, 'openid'],
    ['A2 two openids in different spelling', `?openid=${openid}&%4fpenid=oOther1`, 'openid'],
    ['A2 two userids', `?openid=${openid}&userid=1&userid=01`, 'userid'],
    ['A2 two portids', `?openid=${openid}&portid=1&portid=2`, 'portid'],
    ['A3 21 digits', `?openid=${openid}&userid=${'9'.repeat(21)}`, 'userid'],
    ['A3 a number in another notation', `?openid=${openid}&userid=6.9e17`, 'userid'],
    ['A3 other digits', `?openid=${openid}&userid=%D9%A1`, 'userid'],
    ['A5 too short', '?openid=abcde', 'openid'],
    ['A5 too long', `?openid=${'o'.repeat(65)}`, 'openid'],
    ['A5 cookie syntax', `?openid=${openid}%3B%20Domain%3Devil.com`, 'openid'],
    ['A5 markup', '?openid=%3Cscript%3Ealert(1)%3C/script%3E', 'openid'],
    ['A5 a newline at the end', `?openid=${openid}%0A`, 'openid'],
    ['A5 a space', `?openid=${openid}+`, 'openid'],
    ['A5 another unionid', `?openid=${openid}&unionid=a.b`, 'unionid'],
    ['A5 another appid', `?openid=${openid}&appid=WX32817247717E7333`, 'appid'],
    ['A5 another portid', `?openid=${openid}&portid=-4`, 'portid'],
    ['A6 a malformed percent sequence', `?openid=${openid}%`, 'openid'],
    ['A6 a malformed percent sequence in another one', `?openid=${openid}&userid=%E4%zz`, 'userid'],
  ])('%s is invalid', (_rule, address, name) => {
    const error = failure(page + address)
    expect(error).toMatchObject({ code: 'auth_info_invalid' })
    expect(error?.message).toContain(name)
    expect(error?.message).not.toContain(openid)
  })

  it.each(['snapshot_user', 'access_denied'] as const)('the word %s of the service is the code', (reason) => {
    const error = failure(`${page}?portid=4&appid=wx0f1e2d3c4b5a6978&autherror=${reason}#/r`)
    expect(error?.code).toBe(reason)
    expect(error?.hint).toMatch(/^[A-Z].*\.$/)
    expect(error?.hintZh).toMatch(/[\u4e00-\u9fff].*。$/)
  })

  it('never throws anything but its own error, and never lets anything through but its own fields', () => {
    const nasty = fc.constantFrom(
      '?',
      '#',
      '&',
      '=',
      '%',
      '%zz',
      '%6f',
      'openid',
      'userid=',
      'OpenId=',
      openid,
      '__proto__',
      'null',
      '+',
      'ticket=',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(nasty).map((parts) => parts.join('')),
        ),
        (text) => {
          for (const url of [text, `${page}?${text}`, `${page}#/r?${text}`]) {
            let result: AuthInfo
            try {
              result = parseAuthInfo(url)
            } catch (error) {
              expect(isWeixinError(error) && error.code).toMatch(
                /^(auth_info_(missing|invalid)|snapshot_user|access_denied)$/,
              )
              continue
            }
            expect(Object.keys(result)).toContain('openid')
            for (const [name, value] of Object.entries(result)) {
              expect(name).toMatch(/^(openid|userid|unionid|portid|appid|ticket|unionidAbsentBecause)$/)
              expect(value).toMatch(/^[\w-]{1,64}$/)
            }
          }
        },
      ),
    )
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it('finds what stands anywhere among other parameters, in any spelling', () => {
    const id = fc.stringMatching(/^[A-Za-z0-9_-]{6,64}$/).filter((text) => !/^undefined$/i.test(text))
    const identity = fc.record(
      {
        openid: id,
        userid: fc.stringMatching(/^\d{1,20}$/),
        unionid: id,
        portid: fc.stringMatching(/^\d{1,6}$/),
      },
      { requiredKeys: ['openid'] },
    )
    const other = fc
      .tuple(fc.stringMatching(/^[a-m]{1,5}$/), fc.string())
      .map(([name, value]) => `${name}=${encodeURIComponent(value.replace(/[\ud800-\udfff]/g, ''))}`)
    const spelling = fc.func(fc.boolean())
    fc.assert(
      fc.property(identity, fc.array(other), spelling, fc.boolean(), (who, others, flip, inHash) => {
        const encode = (text: string) =>
          [...text]
            .map((letter, at) => (flip(letter, at) ? `%${letter.charCodeAt(0).toString(16)}` : letter))
            .join('')
        const pairs = Object.entries(who).map(([name, value]) => `${encode(name)}=${encode(value)}`)
        const query = [...others.slice(1), ...pairs, ...others.slice(0, 1)].join('&')
        expect(
          parseAuthInfo(inHash ? `${page}?${others.join('&')}#/r?${query}` : `${page}?${query}#x`),
        ).toStrictEqual({ ...who })
      }),
    )
  })

  it.each([undefined, null, 42, {}, Object.create(null), Symbol('url')])(
    'of %s is an error of its own',
    (url) => {
      expect(failure(url as string)?.code).toBe('auth_info_missing')
    },
  )
})
