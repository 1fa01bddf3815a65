import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { signCardExt, signChooseCard } from '../../../server/cards/sign.ts'

// The newer example of the JS-SDK document, appendix 4.
const published = {
  ticket: 'ojZ8YtyVyr30HheH3CM73y7h4jJE',
  cardId: 'pjZ8Yt1XGILfi-FUsewpnnolGgZk',
  timestamp: 1404896688,
  nonceStr: '123',
  code: '1434008071',
}

test('C1 reproduces the published vector', () => {
  expect(signCardExt(published)).toBe('f137ab68b7f8112d20ee528ab6074564e2796250')
})

test('C1, C2, C4 reproduce a card that was really signed: empty values add nothing, outer_id is not signed', () => {
  const real = {
    ticket: 'E0o2-at6NcC2OsJiQTlwlMzp8db8D6ZMid6Kw29Gy8v4n0lXbKq4N7fX6WaGG1jvlNr58WBUcfz5i8ghXuU_AQ',
    cardId: 'pdkJ9uLRSbnB3UFEjZAgUxAJrjeY',
    timestamp: 1467109797,
  }
  expect(signCardExt(real)).toBe('73ba424fc1aabfa62e752ee5fd8fee4610e2a610')
  expect(signCardExt({ ...real, code: '', openid: '', nonceStr: '' })).toBe(
    '73ba424fc1aabfa62e752ee5fd8fee4610e2a610',
  )
})

test('C1 an integer and its text are one value', () => {
  expect(signCardExt({ ...published, timestamp: '1404896688', code: 1434008071 })).toBe(
    signCardExt(published),
  )
})

test('C3 equal values are kept twice', () => {
  const input = { ticket: 'T', cardId: 'same', timestamp: 1, code: 'same' }
  expect(signCardExt(input)).toBe(sha1('1Tsamesame'))
})

test('C1 sorts by bytes, not by UTF-16 units', () => {
  const input = { ticket: '\uff21', cardId: 'c', timestamp: 1, code: '\u{1f600}' }
  expect(signCardExt(input)).toBe(sha1('1c\uff21\u{1f600}'))
})

test('C1 chooseCard signs its seven values by the same rule', () => {
  const input = {
    ticket: 'T',
    appId: 'wx',
    shopId: 's',
    timestamp: 5,
    nonceStr: 'n',
    cardId: 'c',
    cardType: 'GROUPON',
  }
  expect(signChooseCard(input)).toBe(sha1(['T', 'wx', 's', '5', 'n', 'c', 'GROUPON'].sort().join('')))
  const { shopId: _, cardId: __, cardType: ___, ...short } = input
  expect(signChooseCard(short)).toBe(signChooseCard({ ...short, shopId: '', cardId: '', cardType: '' }))
})

test('the order in which values are named does not matter, their bytes do', () => {
  const word = fc.string({ minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(word, word, word, fc.string(), fc.string(), (ticket, cardId, nonceStr, code, openid) => {
      fc.pre([ticket, cardId, nonceStr, code, openid].every((text) => text.isWellFormed()))
      const expected = [ticket, cardId, '7', nonceStr, code, openid]
        .map((text) => Buffer.from(text))
        .sort(Buffer.compare)
      expect(signCardExt({ ticket, cardId, timestamp: 7, nonceStr, code, openid })).toBe(
        sha1(Buffer.concat(expected)),
      )
    }),
  )
})

test.each([{ ticket: '' }, { cardId: '' }, { timestamp: '' }])('refuses to sign without %j', (part) => {
  expect(() => signCardExt({ ...published, ...part })).toThrow(TypeError)
})

function sha1(text: string | Buffer): string {
  return createHash('sha1').update(text).digest('hex')
}
