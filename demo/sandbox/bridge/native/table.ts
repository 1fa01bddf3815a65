import { type ShareTarget, shareInvokes } from '../native-names.ts'
import { editAddress } from './address.ts'
import type { NativeApi } from './api.ts'
import { startMonitoringBeacons, stopMonitoringBeacons } from './beacons.ts'
import { batchAddCard, batchViewCard, chooseCard, consumedShareCard } from './cards.ts'
import { chooseImage, downloadImage, getLocalImgData, imagePreview, uploadImage } from './images.ts'
import { geoLocation, openLocation } from './location.ts'
import {
  hideAllNonBaseMenuItem,
  hideMenuItems,
  hideOptionMenu,
  showAllNonBaseMenuItem,
  showMenuItems,
  showOptionMenu,
} from './menu.ts'
import { invokeMiniProgramAPI } from './mini-program.ts'
import { getNetworkType } from './network.ts'
import { getBrandWCPayRequest, getRecevieBizHongBaoRequest } from './pay.ts'
import { openProductViewWithPid } from './product.ts'
import { scanQRCode } from './scan.ts'
import { shareApi, updateAppMessageShareData, updateTimelineShareData } from './share.ts'
import {
  downloadVoice,
  pauseVoice,
  playVoice,
  startRecord,
  stopRecord,
  stopVoice,
  translateVoice,
  uploadVoice,
} from './voice.ts'
import { checkJsApi, closeWindow } from './window.ts'

const shares = Object.entries(shareInvokes).map(([target, { invoke }]) => [
  invoke,
  shareApi(target as ShareTarget),
])

/** Every function of the simulated client by bridge name. */
export const nativeApis: Readonly<Record<string, NativeApi>> = {
  batchAddCard,
  batchViewCard,
  checkJsApi,
  chooseCard,
  chooseImage,
  closeWindow,
  consumedShareCard,
  downloadImage,
  downloadVoice,
  editAddress,
  geoLocation,
  getBrandWCPayRequest,
  getLocalImgData,
  getNetworkType,
  getRecevieBizHongBaoRequest,
  hideAllNonBaseMenuItem,
  hideMenuItems,
  hideOptionMenu,
  imagePreview,
  invokeMiniProgramAPI,
  openLocation,
  openProductViewWithPid,
  pauseVoice,
  playVoice,
  scanQRCode,
  showAllNonBaseMenuItem,
  showMenuItems,
  showOptionMenu,
  startMonitoringBeacons,
  startRecord,
  stopMonitoringBeacons,
  stopRecord,
  stopVoice,
  translateVoice,
  updateAppMessageShareData,
  updateTimelineShareData,
  uploadImage,
  uploadVoice,
  ...Object.fromEntries(shares),
}
