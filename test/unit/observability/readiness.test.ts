import { expect, test } from 'vitest'
import { judgeReadiness } from '../../../server/observability/readiness.ts'
import { explainErrcode } from '../../../server/wechat/errcodes.ts'
import { refusal } from '../../../server/wechat/refusal.ts'

const appId = 'wx0123456789abcdef'
const judge = (state: object) =>
  judgeReadiness([{ appId, leftMs: 100_000, failure: undefined, ...state }], false, undefined)

test.each([40001, 40013, 40125, 40164, 40243, 45009, 45011, 48001, 48004, 50002])(
  '%i is named with what to do in English and Chinese, as a warning while the ticket lives and then as the reason',
  (errcode) => {
    const failure = refusal('cgi-bin/stable_token', errcode, 'text of WeChat that is not repeated')
    const { name } = explainErrcode(errcode)
    const trouble = {
      code: 'wechat_refused',
      detail: `WeChat refused cgi-bin/stable_token: ${errcode} (${name}).`,
      hint: expect.stringMatching(/^[A-Z].*\. .*[\u4e00-\u9fff]/),
      errcode,
    }
    expect(judge({ failure })).toEqual({
      status: 'ready',
      accounts: [{ appId, state: 'ready', warning: { ...trouble, unreadyInS: 100 }, ticketExpiresInS: 100 }],
    })
    expect(judge({ failure, leftMs: 0 })).toEqual({
      status: 'unready',
      accounts: [{ appId, state: 'failed', reason: trouble }],
    })
  },
)

test('an account that another program refreshes too is ready, with a warning that names it', () => {
  const { status, accounts } = judge({ contested: true })
  expect(status).toBe('ready')
  expect(accounts[0]).toMatchObject({
    state: 'ready',
    warning: { code: 'token_contested', hint: expect.stringMatching(/stable.*[\u4e00-\u9fff]/) },
  })
  expect(accounts[0]?.warning?.unreadyInS).toBeUndefined()
})

test('what will stop the account is told before what only disturbs it', () => {
  const failure = refusal('cgi-bin/token', 40243, '')
  expect(judge({ contested: true, failure }).accounts[0]?.warning?.errcode).toBe(40243)
})
