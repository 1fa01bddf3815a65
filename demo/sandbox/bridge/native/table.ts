import { type ShareTarget, shareInvokes } from '../native-names.ts'
import type { NativeApi } from './api.ts'
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
import { getNetworkType } from './network.ts'
import { scanQRCode } from './scan.ts'
import { shareApi, updateAppMessageShareData, updateTimelineShareData } from './share.ts'
import { checkJsApi, closeWindow } from './window.ts'

const shares = Object.entries(shareInvokes).map(([target, { invoke }]) => [
  invoke,
  shareApi(target as ShareTarget),
])

/** Every function of the simulated client by bridge name. */
export const nativeApis: Readonly<Record<string, NativeApi>> = {
  checkJsApi,
  chooseImage,
  closeWindow,
  downloadImage,
  geoLocation,
  getLocalImgData,
  getNetworkType,
  hideAllNonBaseMenuItem,
  hideMenuItems,
  hideOptionMenu,
  imagePreview,
  openLocation,
  scanQRCode,
  showAllNonBaseMenuItem,
  showMenuItems,
  showOptionMenu,
  updateAppMessageShareData,
  updateTimelineShareData,
  uploadImage,
  ...Object.fromEntries(shares),
}
