import type { Answer } from '../api/answer.ts'
import type { ApiRequest } from '../api/request.ts'
import type { World } from '../world.ts'
import { land, refuseConsent } from './land.ts'
import { PageRefusal } from './page-refusal.ts'

/** POST connect/oauth2/authorize/consent: the form of the consent page, `consent` and `answer`. */
export function answerConsent(world: World, request: ApiRequest): Answer {
  const form = new URLSearchParams(request.body)
  const question = world.consents.take(form.get('consent') ?? '')
  if (question === undefined) throw new PageRefusal('consent')
  if (form.get('answer') !== 'allow') return refuseConsent(world, question, request)
  world.consents.remember(question.grant)
  return land(world, question)
}
