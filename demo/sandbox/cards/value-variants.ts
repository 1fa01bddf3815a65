import type { Wording } from '../verify/wording.ts'
import { type CardValue, joinedValues, sortedValues, TICKET } from './card-values.ts'

/** A text that a signer may have hashed by mistake. */
export interface ValueVariant extends Wording {
  readonly text: string
}

/** What stands beside the signed values and may have got into the hash, or should have. */
export interface Surroundings {
  /** Fields that are not signed: `outer_str`, the appId. */
  readonly unsigned: readonly CardValue[]
  /** Numbers as they were written in the JSON text. */
  readonly writtenNumbers: readonly CardValue[]
}

const EXTRAS_TRIED = 6

/** The mistakes people make with the values of a card signature, likeliest first. */
export function valueVariants(values: readonly CardValue[], around: Surroundings): ValueVariant[] {
  return [
    ...keyOrder(values),
    ...extraValues(values, around.unsigned),
    ...missingValues(values),
    ...placeholders(values),
    ...timestamps(values),
    ...numbers(values, around.writtenNumbers),
    ...pairs(values),
    ...separators(values),
    ...spaces(values),
    ...otherOrders(values),
  ]
}

function keyOrder(values: readonly CardValue[]): ValueVariant[] {
  const filled = values.filter(({ value }) => value !== '')
  const byKey = [...filled].sort((a, b) => (a.name < b.name ? -1 : 1))
  return [
    {
      text: byKey.map(({ value }) => value).join(''),
      reason: 'The values were put together in the order of their names; WeChat sorts the values themselves.',
      reasonZh: '按参数名排序后拼接了；微信是对“值”本身排序。',
      fix: 'Sort the values by their bytes, forget the names, then put them together.',
      fixZh: '不要管参数名，把所有值按字节排序后直接拼接。',
    },
  ]
}

function extraValues(values: readonly CardValue[], unsigned: readonly CardValue[]): ValueVariant[] {
  return subsets(unsigned.slice(0, EXTRAS_TRIED)).map((group) => {
    const names = group.map(({ name }) => name).join(', ')
    return {
      text: joinedValues([...values, ...group]),
      reason: `${names} was signed too, but it is not part of the signature.`,
      reasonZh: `把 ${names} 也签进去了，但它不参与签名。`,
      fix: `Sign only ${signedNames(values)}; put ${names} into the parameters unsigned.`,
      fixZh: `只签 ${signedNames(values)}；${names} 直接放进参数，不签名。`,
    }
  })
}

/** All but the empty one, small ones first. */
function subsets(values: readonly CardValue[]): CardValue[][] {
  const masks = Array.from({ length: 2 ** values.length - 1 }, (_empty, index) => index + 1)
  return masks
    .map((mask) => values.filter((_value, at) => Math.floor(mask / 2 ** at) % 2 === 1))
    .sort((a, b) => a.length - b.length)
}

function missingValues(values: readonly CardValue[]): ValueVariant[] {
  return values
    .filter(({ name, value }) => value !== '' && name !== TICKET)
    .map(({ name }) => ({
      text: joinedValues(values.filter((each) => each.name !== name)),
      reason: `${name} has a value here, but it was not signed.`,
      reasonZh: `这里有 ${name}，但签名时没有包含它。`,
      fix: `Sign ${name} too, or leave it out: what is given must be signed, what is signed must be given.`,
      fixZh: `把 ${name} 也签进去，或者不传它：传了就要签，签了就要传。`,
    }))
}

function placeholders(values: readonly CardValue[]): ValueVariant[] {
  const empty = values.filter(({ value }) => value === '')
  const groups = [...empty.map((each) => [each]), ...(empty.length > 1 ? [empty] : [])]
  return groups.flatMap((group) =>
    ['undefined', 'null', '""', 'None', 'nil'].map((word) => {
      const names = group.map(({ name }) => name).join(', ')
      return {
        text: joinedValues([...values, ...group.map(({ name }) => ({ name, value: word }))]),
        reason: `${names} is empty here, but the text ${word} was signed in its place.`,
        reasonZh: `${names} 是空的，但签名时把文字 ${word} 签进去了。`,
        fix: 'Leave empty and absent values out of the hash.',
        fixZh: '空值和没有的值不要参与签名。',
      }
    }),
  )
}

function timestamps(values: readonly CardValue[]): ValueVariant[] {
  return values
    .filter(({ name }) => name === 'timestamp' || name === 'time_stamp')
    .flatMap(({ name, value }) => [
      { name, value: `${value}000` },
      { name, value: value.slice(0, 10) },
    ])
    .map((other) => ({
      text: joinedValues(replaced(values, other)),
      reason: `The signer used ${other.value} as timestamp, the page hands over another one: milliseconds and seconds are mixed up.`,
      reasonZh: `签名时的时间戳是 ${other.value}，传入的却不同：毫秒和秒混用了。`,
      fix: 'Use the same timestamp, in seconds, in both places.',
      fixZh: '两处使用同一个以秒为单位的时间戳。',
    }))
}

function numbers(values: readonly CardValue[], written: readonly CardValue[]): ValueVariant[] {
  return written.map((each) => ({
    text: joinedValues(replaced(values, each)),
    reason: `${each.name} stands in cardExt as the number ${each.value}, which a client reads as another one.`,
    reasonZh: `cardExt 里的 ${each.name} 写成了数字 ${each.value}，客户端读出来会变成另一个数。`,
    fix: `Write ${each.name} as text: "${each.name}":"${each.value}".`,
    fixZh: `把 ${each.name} 写成字符串："${each.name}":"${each.value}"。`,
  }))
}

function pairs(values: readonly CardValue[]): ValueVariant[] {
  const filled = values.filter(({ value }) => value !== '')
  const orders = [[...filled].sort((a, b) => (a.name < b.name ? -1 : 1)), filled, sortedValues(values)]
  return orders.flatMap((order) =>
    [(name: string) => name, (name: string) => name.replaceAll('_', '')].map((nameOf) => ({
      text: order.map(({ name, value }) => `${nameOf(name)}=${value}`).join('&'),
      reason:
        'Names and values were hashed as name=value&…, as for wx.config; cards are signed by values alone.',
      reasonZh: '像 wx.config 那样按 name=value&… 拼接了；卡券签名只拼接值。',
      fix: 'Sort the values by their bytes and put them together without names and without &.',
      fixZh: '把值按字节排序后直接拼接，不带参数名，也不带 &。',
    })),
  )
}

function separators(values: readonly CardValue[]): ValueVariant[] {
  const texts = sortedValues(values).map(({ value }) => value)
  return ['&', ',', '|', ' ', '\n', '-'].map((separator) => ({
    text: texts.join(separator),
    reason: `The values were put together with ${JSON.stringify(separator)} between them.`,
    reasonZh: `拼接时在值之间加了 ${JSON.stringify(separator)}。`,
    fix: 'Put nothing between the values.',
    fixZh: '值之间不要加任何字符。',
  }))
}

function spaces(values: readonly CardValue[]): ValueVariant[] {
  const sorted = sortedValues(values)
  const words = (names: string): Wording => ({
    reason: `A space or line break at ${names} was signed too.`,
    reasonZh: `签名时 ${names} 处多了空格或换行。`,
    fix: 'Trim the values before signing, and put nothing between them.',
    fixZh: '签名前去掉值前后的空白，值之间不要加任何字符。',
  })
  return [' ', '\n'].flatMap((space) => [
    ...[...sorted, undefined].map((_end, at) => {
      const texts = sorted.map(({ value }) => value)
      const names = sorted.slice(Math.max(0, at - 1), at + 1).map(({ name }) => name)
      return { text: texts.toSpliced(at, 0, space).join(''), ...words(names.join(' / ')) }
    }),
    ...sorted.map(({ name, value }) => ({
      text: joinedValues(replaced(values, { name, value: `${space}${value}` })),
      ...words(name),
    })),
  ])
}

function otherOrders(values: readonly CardValue[]): ValueVariant[] {
  const texts = sortedValues(values).map(({ value }) => value)
  if (texts.length > 7) return []
  const words = {
    reason:
      'The right values were put together in another order than that of their bytes (by letter case, by locale, or not sorted).',
    reasonZh: '值是对的，但顺序不对：没有按字节排序（可能不分大小写、按语言排序，或者没有排序）。',
    fix: 'Sort the values by their bytes: digits before capitals before small letters.',
    fixZh: '把值按字节排序：数字在前，然后是大写字母，再是小写字母。',
  }
  return permutations(texts).map((order) => ({ text: order.join(''), ...words }))
}

function permutations(texts: readonly string[]): string[][] {
  if (texts.length < 2) return [[...texts]]
  return texts.flatMap((first, at) =>
    permutations(texts.filter((_text, index) => index !== at)).map((rest) => [first, ...rest]),
  )
}

function replaced(values: readonly CardValue[], by: CardValue): CardValue[] {
  return values.map((each) => (each.name === by.name ? by : each))
}

function signedNames(values: readonly CardValue[]): string {
  return values.map(({ name }) => name).join(', ')
}
