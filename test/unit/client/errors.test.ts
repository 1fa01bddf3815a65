import { describe, expect, it } from 'vitest'
import { authError } from '../../../client/auth-error.ts'
import { hints } from '../../../client/hints.ts'
import { isWeixinError, WeixinError, type WeixinErrorCode } from '../../../client/index.ts'

describe('WeixinError', () => {
  it('says what failed, what was given and what to do', () => {
    const error = new WeixinError(
      'invalid_signature',
      'verifying https://h5.example.com/',
      'config:invalid signature',
    )
    expect(error.message).toBe(
      'verifying https://h5.example.com/ failed (invalid_signature): config:invalid signature. ' +
        'Check the account, the signed URL, and that nobody else refreshes the ticket.',
    )
    expect(error).toMatchObject({
      name: 'WeixinError',
      code: 'invalid_signature',
      hint: hints.invalid_signature?.[0],
    })
    expect(error).toBeInstanceOf(Error)
  })

  it('prefers the advice of the service', () => {
    const error = new WeixinError('service_unavailable', 'signature', 'refused', {
      hint: 'Add 1.2.3.4 to the list.',
    })
    expect(error.hint).toBe('Add 1.2.3.4 to the list.')
    expect(error.message).toContain('Add 1.2.3.4 to the list.')
    expect(error.hintZh).toBe(hints.service_unavailable?.[1])
  })

  it('keeps what caused it', () => {
    const cause = new TypeError('Failed to fetch')
    expect(new WeixinError('failed', 'sdk', 'gone', { cause }).cause).toBe(cause)
  })

  it.each(Object.keys(hints) as WeixinErrorCode[])('says what to do about %s in both languages', (code) => {
    const { hint, hintZh } = new WeixinError(code, 'test')
    expect(hint).toMatch(/^[A-Z].*\.$/)
    expect(hintZh).toMatch(/[\u4e00-\u9fff].*。$/)
  })
})

describe('what keeps a page from knowing who is looking', () => {
  it.each([
    'auth_info_missing',
    'auth_info_invalid',
    'snapshot_user',
    'access_denied',
    'login_loop',
  ] as const)('comes with advice in both languages: %s', (code) => {
    const { hint, hintZh, message } = authError(code, 'authInfo', 'no openid')
    expect(hint).toMatch(/^[A-Z].*\.$/)
    expect(hintZh).toMatch(/[\u4e00-\u9fff].*。$/)
    expect(message).toBe(`authInfo failed (${code}): no openid. ${hint}`)
  })
})

describe('isWeixinError', () => {
  it('knows errors of another copy of the package, and nothing else', () => {
    const foreign = Object.assign(new Error('from elsewhere'), { name: 'WeixinError', code: 'cancelled' })
    expect(isWeixinError(new WeixinError('cancelled', 'scanQRCode'))).toBe(true)
    expect(isWeixinError(foreign)).toBe(true)
    for (const other of [
      new Error('x'),
      { name: 'WeixinError', code: 'cancelled' },
      undefined,
      null,
      'cancelled',
    ])
      expect(isWeixinError(other)).toBe(false)
  })
})
