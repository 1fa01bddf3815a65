import { expectTypeOf, it } from 'vitest'
import type { WeixinErrorCode } from '../../client/index.ts'
import type { ServiceErrorCode } from '../../server/errors.ts'
import type { ClientCode } from '../../server/explain/client-codes.ts'

it('explains exactly the codes that the browser package has and the service has not', () => {
  expectTypeOf<ClientCode>().toEqualTypeOf<Exclude<WeixinErrorCode, ServiceErrorCode>>()
})
