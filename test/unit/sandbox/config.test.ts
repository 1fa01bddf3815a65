import { describe, expect, test } from 'vitest'
import { createSandbox, readSandboxConfig, SandboxConfigError } from '../../../demo/sandbox/index.ts'
import { account } from './asking.ts'

function mistakesIn(text: string): readonly string[] {
  try {
    readSandboxConfig(text)
  } catch (error) {
    if (error instanceof SandboxConfigError) return error.mistakes
    throw error
  }
  return []
}

describe('readSandboxConfig', () => {
  test('reads the options and the sandbox takes them', () => {
    const config = {
      accounts: [account],
      ticketRotation: 'every-call',
      configTimestampMaxAgeS: 60,
      wrongSecretErrcode: 40001,
    }
    const options = readSandboxConfig(JSON.stringify(config))
    expect(options).toEqual(config)
    expect(createSandbox(options).snapshot().accounts).toMatchObject([{ appId: account.appId }])
    expect(readSandboxConfig('\uFEFF{}')).toEqual({})
  })

  test('lists every mistake by key, without a secret', () => {
    const secret = 'do-not-print-me'
    const mistakes = mistakesIn(
      JSON.stringify({
        accounts: [
          {
            appId: 'wx1',
            appSecret: secret,
            safeDomains: ['https://example.com'],
            frozen: 'yes',
            appSecrets: secret,
          },
          { appId: account.appId, appSecret: 7, safeDomains: ['10.0.0.1', 'example.com:8080', 'a/b'] },
        ],
        ticketRotation: 'never',
        wrongSecretErrcode: 40013,
        ticketRotate: true,
      }),
    )
    const keys = mistakes.map((line) => line.split(':')[0])
    expect(keys).toEqual(
      expect.arrayContaining([
        'accounts.0.appId',
        'accounts.0.safeDomains.0',
        'accounts.0.frozen',
        'accounts.0.appSecrets',
        'accounts.1.appSecret',
        'accounts.1.safeDomains.0',
        'accounts.1.safeDomains.1',
        'accounts.1.safeDomains.2',
        'ticketRotation',
        'wrongSecretErrcode',
        'ticketRotate',
      ]),
    )
    expect(mistakes).toHaveLength(11)
    expect(mistakes.join('\n')).not.toContain(secret)
    expect(mistakes).toContain('ticketRotate: is not a key of the sandbox; did you mean ticketRotation?')
    expect(mistakes).toContain('accounts.0.appSecrets: is not a key of the sandbox; did you mean appSecret?')
  })

  test.each(['', '{', '// c\n{}', '[]', 'null', '7'])('%j is one clear mistake', (text) => {
    expect(mistakesIn(text)).toEqual([expect.stringMatching(/^\(file\): /)])
  })

  test('six safe domains are one too many, an appId twice is a mistake', () => {
    const safeDomains = ['a.cn', 'b.cn', 'c.cn', 'd.cn', 'e.cn', 'f.cn']
    expect(mistakesIn(JSON.stringify({ accounts: [{ ...account, safeDomains }] }))).toEqual([
      expect.stringMatching(/^accounts\.0\.safeDomains: .*5/),
    ])
    expect(mistakesIn(JSON.stringify({ accounts: [account, account] }))).toEqual([
      `accounts.1.appId: ${account.appId} is listed twice`,
    ])
  })
})

describe('createSandbox', () => {
  test('refuses malformed accounts by key, without a secret', () => {
    const bad = { ...account, safeDomains: ['https://example.com'], appSecret: 'do-not-print-me' }
    expect(() => createSandbox({ accounts: [bad] })).toThrow(
      /^The sandbox cannot play.*accounts\.0\.safeDomains\.0: /,
    )
    expect(() => createSandbox({ accounts: [bad] })).not.toThrow(/do-not-print-me/)
    expect(() => createSandbox({ accounts: [account, account] })).toThrow(/listed twice/)
  })

  test('without options it plays the built-in account', () => {
    expect(createSandbox().snapshot().accounts).toMatchObject([{ safeDomains: ['localhost', '127.0.0.1'] }])
  })

  test('an account that is not there is named', () => {
    expect(() => createSandbox().rotateTicket('wxffffffffffffffff')).toThrow(/no account wxffffffffffffffff/)
  })

  test('the clock refuses what is no number', () => {
    expect(() => createSandbox().clock.advance(Number.NaN)).toThrow(RangeError)
  })
})
