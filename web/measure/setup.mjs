// What both measurements share: the program, the browser, the throttle.
import { fileURLToPath } from 'node:url'

export const program = [fileURLToPath(new URL('../../bin/mingfa', import.meta.url)), 'serve', '--demo', '--data', '{data}', '--listen', '127.0.0.1:{port}', '--limit-public', '0']
export const browserPath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** A telephone on a slow line: see desk.mjs. */
export async function throttle(cdp) {
  await cdp.send('Network.enable')
  await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: (1.6 * 1024 * 1024) / 8, uploadThroughput: (750 * 1024) / 8 })
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 })
}
