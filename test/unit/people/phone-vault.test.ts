import { describe, expect, test } from 'vitest'
import { createPhoneVault } from '../../../server/people/phone-vault.ts'
import { systemRandom } from '../../../server/random.ts'

const oldKey = { id: 'old', key: Buffer.alloc(32, 1) }
const newKey = { id: 'new', key: Buffer.alloc(32, 2) }
const phoneIndex = Buffer.alloc(32, 3)
const PHONE = '+8613800138000'
const USER = '123456789012345678'

const vaultOf = (...phone: { id: string; key: Buffer }[]) =>
  createPhoneVault({ phone, phoneIndex }, systemRandom)

describe('phone vault', () => {
  test('opens what it sealed', () => {
    const vault = vaultOf(newKey)
    expect(vault.open(USER, vault.seal(USER, PHONE))).toBe(PHONE)
  })

  test('nothing readable is kept, and the same number looks different every time', () => {
    const vault = vaultOf(newKey)
    const sealed = Array.from({ length: 50 }, () => vault.seal(USER, PHONE).sealed)
    expect(new Set(sealed).size).toBe(50)
    for (const text of sealed) {
      expect(Buffer.from(text, 'base64').toString('latin1')).not.toContain('138')
      expect(Buffer.from(text, 'base64')).toHaveLength(12 + PHONE.length + 16)
    }
  })

  test('a number does not open in another row', () => {
    const vault = vaultOf(newKey)
    const sealed = vault.seal(USER, PHONE)
    expect(() => vault.open('123456789012345679', sealed)).toThrow()
  })

  test('a changed byte anywhere is noticed', () => {
    const vault = vaultOf(newKey)
    const { keyId, sealed } = vault.seal(USER, PHONE)
    const bytes = Buffer.from(sealed, 'base64')
    for (const position of bytes.keys()) {
      const changed = Buffer.from(bytes)
      changed[position] = (changed[position] ?? 0) ^ 1
      expect(() => vault.open(USER, { keyId, sealed: changed.toString('base64') })).toThrow()
    }
    expect(() => vault.open(USER, { keyId, sealed: '' })).toThrow()
  })

  test('after a rotation the first key seals and the old one still opens', () => {
    const before = vaultOf(oldKey).seal(USER, PHONE)
    const rotated = vaultOf(newKey, oldKey)
    expect(before.keyId).toBe('old')
    expect(rotated.open(USER, before)).toBe(PHONE)
    expect(rotated.seal(USER, PHONE).keyId).toBe('new')
    expect(() => vaultOf(newKey).open(USER, before)).toThrow(
      'the phone key old is not among keys.phone any more',
    )
  })

  test('the index is the same for the same number, over rotations, and depends on its key', () => {
    expect(vaultOf(newKey, oldKey).index(PHONE)).toBe(vaultOf(oldKey).index(PHONE))
    expect(vaultOf(newKey).index(PHONE)).not.toBe(vaultOf(newKey).index('+8613800138001'))
    const other = createPhoneVault({ phone: [newKey], phoneIndex: Buffer.alloc(32, 4) }, systemRandom)
    expect(other.index(PHONE)).not.toBe(vaultOf(newKey).index(PHONE))
  })

  test('is not made without a key', () => {
    expect(() => vaultOf()).toThrow('"keys.phone" must hold at least one key')
  })
})
