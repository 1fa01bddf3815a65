import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CREDENTIAL_KINDS } from '../../../server/credentials/credential.ts'
import { credentialTag, matchesTag } from '../../../server/credentials/token-etag.ts'

const opaque = fc.string({ unit: fc.constantFrom(...'!#,;/*W- abcXYZ019_\u00ff'), maxLength: 12 })
const tag = opaque.map((text) => `"${text}"`)
const listed = fc.record({ tag, weak: fc.boolean(), gap: fc.constantFrom(',', ', ', ' ,', ',\t', ', ,') })

describe('If-None-Match', () => {
  test('matches exactly the tags it names, weak or strong', () => {
    fc.assert(
      fc.property(fc.array(listed, { maxLength: 6 }), tag, (list, wanted) => {
        const header = list.map((each) => `${each.weak ? 'W/' : ''}${each.tag}${each.gap}`).join('')
        expect(matchesTag(header, wanted)).toBe(list.some((each) => each.tag === wanted))
      }),
    )
  })

  test('never matches a tag that does not stand in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'"W/, *ab\\') }), (header) => {
        fc.pre(header.trim() !== '*')
        expect(matchesTag(header, '"never"')).toBe(false)
      }),
    )
  })
})

describe('the tag of a credential', () => {
  test('is another one for another value, kind or secret, and always the same for the same', () => {
    const part = fc.tuple(fc.string(), fc.constantFrom(...CREDENTIAL_KINDS), fc.string())
    fc.assert(
      fc.property(part, part, (one, other) => {
        const same = one.every((each, at) => each === other[at])
        expect(credentialTag(...one) === credentialTag(...other)).toBe(same)
        expect(credentialTag(...one)).toMatch(/^"[\w-]{22}"$/)
      }),
    )
  })
})
