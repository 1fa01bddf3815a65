import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { maskPhone, normalizePhone, showPhone } from '../../../server/people/phone.ts'

describe('phone numbers', () => {
  test.each([
    '13800138000',
    '+8613800138000',
    '8613800138000',
    '008613800138000',
    '+86 138 0013 8000',
    '138-0013-8000',
    ' 138 0013 8000 ',
    '(+86)138·0013·8000',
    '１３８００１３８０００',
  ])('%s is one and the same number', (written) => {
    expect(normalizePhone(written)).toBe('+8613800138000')
  })

  test.each(['+12025550143', '+44 20 7946 0958', '+852 5123 4567', '+886 912 345 678'])(
    '%s of another country is kept with its code',
    (written) => {
      expect(normalizePhone(written)).toBe(written.replaceAll(' ', ''))
    },
  )

  test.each([
    '',
    'none',
    '1380013800',
    '138001380000',
    '12800138000',
    '+86 12345',
    '+8602012345678',
    '12025550143x',
    '2025550143',
    '+0123456789',
    '+1234567890123456',
    '13800138000\0',
    '1'.repeat(50),
    'null',
    '[object Object]',
  ])('%j is no phone number', (written) => {
    expect(normalizePhone(written)).toBeUndefined()
  })

  test('whatever is accepted has one form, which is accepted again', () => {
    const written = fc.oneof(fc.string(), fc.stringMatching(/^[+0-9 ()-]{0,20}$/))
    fc.assert(
      fc.property(written, (text) => {
        const phone = normalizePhone(text)
        if (phone === undefined) return
        expect(phone).toMatch(/^\+[1-9]\d{6,14}$/)
        expect(normalizePhone(phone)).toBe(phone)
        expect(normalizePhone(showPhone(phone))).toBe(phone)
      }),
      { numRuns: 2_000 },
    )
  })

  test('masked numbers show the ends only', () => {
    expect(maskPhone('+8613800138000')).toBe('138****8000')
    expect(maskPhone('+12025550143')).toBe('+12****43')
    expect(maskPhone('+1234567')).toBe('+12****67')
  })
})
