import { builtInAccount } from '../../demo/sandbox/index.ts'
import { createTestService, form, PAGE } from '../support/service.ts'

/** Asks for many signatures at once on an empty cache and prints what WeChat was asked. */
export async function measureColdStorm(): Promise<void> {
  console.log('cold storm: requests at once on an empty cache, upstream calls')
  for (const requests of [500, 10_000]) {
    const { service, sandbox } = await createTestService({
      config: { rateLimits: { signature: { points: 0, perSeconds: 60 } } },
    })
    const startedAt = performance.now()
    const answers = await Promise.all(
      Array.from({ length: requests }, () =>
        service.app.request('/v1/jsapi/signature', form({ url: PAGE, appId: builtInAccount.appId })),
      ),
    )
    const failed = answers.filter(({ status }) => status !== 200).length
    const { callCounts } = sandbox.snapshot()
    console.log(
      `${String(requests).padStart(7)}  token ${callCounts['cgi-bin/stable_token'] ?? 0}  ticket ${callCounts['cgi-bin/ticket/getticket'] ?? 0}  failed ${failed}  ${Math.round(performance.now() - startedAt)} ms`,
    )
    await service.close()
  }
}
