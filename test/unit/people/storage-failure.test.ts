import { expect, test } from 'vitest'
import { isStorageFailure, storing } from '../../../server/people/storage-failure.ts'

const failed = (code: string, message = 'failed') => Object.assign(new Error(message), { code })

test.each([
  'SQLITE_READONLY',
  'SQLITE_READONLY_DBMOVED',
  'SQLITE_FULL',
  'SQLITE_IOERR_FSYNC',
  'SQLITE_BUSY',
  'SQLITE_BUSY_SNAPSHOT',
  '53100',
  '57P01',
  '57014',
  '25006',
  '40P01',
  'ECONNREFUSED',
])('%s is an outage of the storage', async (code) => {
  expect(isStorageFailure(failed(code))).toBe(true)
  await expect(storing(() => Promise.reject(failed(code)))).rejects.toMatchObject({
    code: 'storage_unavailable',
    status: 503,
    hint: expect.stringContaining('Nothing was stored'),
    retryAfterS: 5,
  })
})

test.each(['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_ERROR', '23505', '42601', ''])(
  '%j is a mistake of ours and stays what it is',
  async (code) => {
    const error = failed(code)
    expect(isStorageFailure(error)).toBe(false)
    await expect(storing(() => Promise.reject(error))).rejects.toBe(error)
  },
)

test('a broken connection without a code, and several addresses that all refuse, are outages', () => {
  expect(isStorageFailure(new Error('Connection terminated unexpectedly'))).toBe(true)
  expect(isStorageFailure(new AggregateError([failed('ECONNREFUSED')]))).toBe(true)
  expect(isStorageFailure(new TypeError('x is not a function'))).toBe(false)
  expect(isStorageFailure('SQLITE_FULL')).toBe(false)
})
