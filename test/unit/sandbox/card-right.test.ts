import { expect, test } from 'vitest'
import { account, get, read, stableToken, stillSandbox, ticketQuery } from './asking.ts'

test('an account without the right to cards gets tickets for pages only', async () => {
  const sandbox = stillSandbox({ accounts: [{ ...account, cardRight: false }] })
  const ask = async (type: string) => read(get(sandbox, ticketQuery(await stableToken(sandbox), type)))
  expect(await ask('wx_card')).toMatchObject({
    errcode: 48001,
    errmsg: expect.stringMatching(/^api unauthorized rid: /),
  })
  expect(await ask('jsapi')).toMatchObject({ errcode: 0 })
})
