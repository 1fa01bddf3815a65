import { textOf } from '../plain-copy.ts'
import { type NativeAnswer, type NativeApi, ok } from './api.ts'

const fail: NativeAnswer = { status: 'fail' }

/** startRecord: after a minute `onVoiceRecordEnd` follows; one recording at a time. */
export const startRecord: NativeApi = async (_args, { ui, voices }) => {
  const may = await ui.record()
  if (may === 'deny') return { status: 'access_denied' }
  if (may !== 'allow') return { status: may }
  return (await voices.startRecord()) ? ok : fail
}

/** stopRecord: the local id of what was recorded. */
export const stopRecord: NativeApi = async (_args, { voices }) => {
  const localId = await voices.stopRecord()
  return localId === undefined ? fail : { status: 'ok', fields: { localId } }
}

/** playVoice: from where it was paused; at its end `onVoicePlayEnd` follows. */
export const playVoice: NativeApi = async (args, { voices }) =>
  (await voices.play(textOf(args.localId))) ? ok : fail

/** pauseVoice: only what plays can be paused. */
export const pauseVoice: NativeApi = async (args, { voices }) =>
  (await voices.pause(textOf(args.localId))) ? ok : fail

/** stopVoice: the next play begins at the beginning. */
export const stopVoice: NativeApi = (args, { voices }) => (voices.stop(textOf(args.localId)) ? ok : fail)

/** uploadVoice: a media id in exchange for a local id. */
export const uploadVoice: NativeApi = async (args, { ui, voices, now }) => {
  const localId = textOf(args.localId)
  const end = await ui.transfer({ name: 'uploadVoice', id: localId })
  if (end !== 'ok') return { status: end }
  const serverId = voices.upload(localId, await now())
  return serverId === undefined ? fail : { status: 'ok', fields: { serverId } }
}

/** downloadVoice: a local id in exchange for a media id. */
export const downloadVoice: NativeApi = async (args, { ui, voices, now }) => {
  const serverId = textOf(args.serverId)
  const end = await ui.transfer({ name: 'downloadVoice', id: serverId })
  if (end !== 'ok') return { status: end }
  const localId = voices.download(serverId, await now())
  return localId === undefined ? fail : { status: 'ok', fields: { localId } }
}

/** translateVoice: what a recording says. */
export const translateVoice: NativeApi = async (args, { ui, voices }) => {
  const localId = textOf(args.localId)
  if (!voices.has(localId)) return fail
  const heard = await ui.translateVoice({ localId })
  return typeof heard === 'string'
    ? { status: heard }
    : { status: 'ok', fields: { translateResult: heard.text } }
}
