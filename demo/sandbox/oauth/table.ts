import type { Answer } from '../api/answer.ts'
import type { ApiRequest } from '../api/request.ts'
import type { World } from '../world.ts'
import { answerConsent } from './answer-consent.ts'
import { authorize } from './authorize.ts'
import { PageRefusal } from './page-refusal.ts'
import { refusalPage } from './refusal-page.ts'

interface Page {
  readonly method: 'GET' | 'POST'
  readonly handle: (world: World, request: ApiRequest) => Answer
}

/** The pages of WeChat that people see, by path. */
export const PAGES: ReadonlyMap<string, Page> = new Map<string, Page>([
  ['connect/oauth2/authorize', { method: 'GET', handle: authorize }],
  ['connect/oauth2/authorize/consent', { method: 'POST', handle: answerConsent }],
])

/** The page, or the page that says why not. */
export function answerPage(world: World, page: Page, method: string, request: ApiRequest): Answer {
  try {
    if (method !== page.method) throw new PageRefusal('method')
    return page.handle(world, request)
  } catch (error) {
    if (error instanceof PageRefusal) return refusalPage(error, request.headers)
    throw error
  }
}
