import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatFanTime, parseFanTime } from '../../../server/marketing/fan-time.ts'

const read = (text: string) => {
  const at = parseFanTime(text)
  return at === undefined ? undefined : formatFanTime(at)
}

describe('times of fans', () => {
  test.each([
    ['Mar 9, 2026 7:54:44 PM', '2026-03-09T11:54:44.000+0000'],
    ['Mar 9, 2026, 7:54:44 PM', '2026-03-09T11:54:44.000+0000'],
    ['Mar 9, 2026, 7:54:44\u202FPM', '2026-03-09T11:54:44.000+0000'],
    ['Jan 1, 2020 12:00:00 AM', '2019-12-31T16:00:00.000+0000'],
    ['Jan 1, 2020 12:00:00 PM', '2020-01-01T04:00:00.000+0000'],
    ['2025-03-09 19:54:46', '2025-03-09T11:54:46.000+0000'],
    ['2025-03-09T19:54:46', '2025-03-09T11:54:46.000+0000'],
    ['2025-03-09', '2025-03-08T16:00:00.000+0000'],
    ['2026-03-09T11:54:44.000+0000', '2026-03-09T11:54:44.000+0000'],
    ['2026-03-09T11:54:44.123456Z', '2026-03-09T11:54:44.123+0000'],
    ['2026-03-09T11:54:44.5Z', '2026-03-09T11:54:44.500+0000'],
    ['2026-03-09T19:54+08:00', '2026-03-09T11:54:00.000+0000'],
    ['2026-03-09T03:54:44-0800', '2026-03-09T11:54:44.000+0000'],
    ['2020-02-29 00:00:00', '2020-02-28T16:00:00.000+0000'],
  ])('%s is %s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  test.each([
    '',
    'yesterday',
    '2021-02-29 00:00:00',
    '2020-02-30',
    '2020-13-01 00:00:00',
    '2020-00-01 00:00:00',
    '2026-03-09 24:00:00',
    '2026-03-09 19:60:00',
    '2026-03-09 19:54:60',
    '2026-03-09T19:54:44+15:00',
    '2026-03-09T19:54:44+08:99',
    '2026-03-09T19:54:44 +08:00',
    'Mar 9, 2026 13:54:44 PM',
    'Mar 9, 2026 0:54:44 PM',
    'Mrz 9, 2026 7:54:44 PM',
    'Mar 32, 2026 7:54:44 PM',
    '1590753284',
    '2026-03-09 19:54:44; drop table fans',
  ])('%j is no time', (text) => {
    expect(parseFanTime(text)).toBeUndefined()
  })

  test('what is written can be read again, to the millisecond', () => {
    const moment = fc.date({ min: new Date(0), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true })
    fc.assert(
      fc.property(moment, (date) => {
        expect(parseFanTime(formatFanTime(date.getTime()))).toBe(date.getTime())
      }),
    )
  })

  test('any text is read or refused, and never thrown at', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseFanTime(text)))
  })
})
