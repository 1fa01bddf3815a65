import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import { wxH5 } from '../support/wx-h5.ts'

const explain = (...args: string[]) => wxH5(tmpdir(), ['explain', ...args])

test('an answer of WeChat is explained in both languages, with the address to add and the time of its rid', async () => {
  const body =
    '{"errcode":40164,"errmsg":"invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 6aac005a-01bfdbee-79769285"}'
  const { code, stdout, stderr } = await explain(body)
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toBe(
    [
      '40164 ip_not_in_whitelist: an errcode of WeChat; trying again does not help until something is changed',
      '  - Add 203.0.113.9 to the IP white list of the account (mp.weixin.qq.com, Basic configuration).',
      '    请把 203.0.113.9 加入该账号的 IP 白名单（mp.weixin.qq.com → 设置与开发 → 基本配置 → IP白名单）。',
      'rid 6aac005a-01bfdbee-79769285: WeChat answered at 2026-09-17T14:59:38Z (2026-09-17 22:59:38 in China)',
      '',
    ].join('\n'),
  )
})

test('a negative number is an errcode, not an option', async () => {
  const { code, stdout } = await explain('-1')
  expect(code).toBe(0)
  expect(stdout).toMatch(/^-1 system_busy/)
})

test('--json prints one document', async () => {
  const { code, stdout } = await explain('--json', 'config:invalid', 'signature')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({
    ok: true,
    explanations: [{ kind: 'page', name: 'invalid_signature', causes: [{ en: expect.any(String) }, {}, {}] }],
  })
})

test('what nobody knows exits with 1 and names what is written alike', async () => {
  const { code, stdout } = await explain('--json', 'orgin_not_allowed')
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toEqual({ ok: false, explanations: [], nearest: ['origin_not_allowed'] })
})

test('no text is a mistake in the command line', async () => {
  const { code, stdout, stderr } = await explain()
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/missing required argument 'text'/)
})

test('whoever stops reading in the middle gets no stack trace', async () => {
  const { code, stderr } = await wxH5(tmpdir(), ['explain', '40164'], {}, 'gone')
  expect([code, stderr]).toEqual([0, ''])
})
