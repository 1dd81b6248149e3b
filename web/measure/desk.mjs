// How long until the desk answers a finger on a telephone: its sign-in page, and after
// it the first lists. A browser that was never here (nothing kept), slowed down; five
// openings of each page, the median and the slowest are told.
//
// The throttle, by the browser's own tools (CDP): the processor four times slower
// (Emulation.setCPUThrottlingRate 4), the line Lighthouse's slow 4G: 1.6 Mbit/s down,
// 750 kbit/s up, 150 ms added to each request. "Interactive" is when the page shows
// what it is for AND has drawn what a key did to it: a letter in the field of the
// user's name, the focus on the first field of the list's filter. The key is pressed again and
// again from the beginning on, as an impatient person does.
//
//   node measure/desk.mjs [--runs 5]
import { chromium } from 'playwright-core'
import { signInStaff } from '../e2e/flow.mjs'
import { browserPath, program, throttle } from './setup.mjs'
import { start } from '../e2e/server.mjs'

const runs = Number(process.argv[process.argv.indexOf('--runs') + 1]) || 5

/** What is opened: by whom, where; what it shows; what a key does to it. */
const screens = [
  { name: 'sign-in', path: '/desk/', shows: '#user', key: 'a', answers: () => document.querySelector('#user')?.value },
  { name: 'the list of orders', user: 'operator1', path: '/desk/#/orders', shows: 'table.stack tbody th a', key: 'Tab', answers: () => document.activeElement?.closest('.filters') },
]

const server = await start(program, '/dev/null')
const browser = await chromium.launch({ executablePath: browserPath, args: ['--headless', '--no-sandbox', '--disable-gpu'] })
const phone = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, timezoneId: 'Asia/Shanghai' }

/** Opens a screen once and gives the milliseconds until it was interactive, and what came over the line. */
async function open(screen, state) {
  const context = await browser.newContext({ ...phone, storageState: state })
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await throttle(cdp)
  let bytes = 0
  let requests = 0
  cdp.on('Network.loadingFinished', (e) => ((bytes += e.encodedDataLength), requests++))
  await page.addInitScript(
    ({ shows, key, answers }) => {
      const answered = new Function('return (' + answers + ')()')
      const look = () => {
        const there = document.querySelector(shows)
        if (there && !window.shown) window.shown = performance.now()
        if (there && answered()) return requestAnimationFrame(() => (window.interactive = performance.now()))
        if (there && key === 'a' && document.activeElement !== there) there.focus()
        requestAnimationFrame(look)
      }
      requestAnimationFrame(look)
    },
    { shows: screen.shows, key: screen.key, answers: String(screen.answers) },
  )
  await page.goto(server.base + screen.path, { waitUntil: 'commit' })
  while (!(await page.evaluate(() => window.interactive))) {
    await page.locator(screen.shows).first().waitFor()
    await page.keyboard.press(screen.key)
  }
  const { shown, interactive } = await page.evaluate(() => ({ shown: window.shown, interactive: window.interactive }))
  await context.close()
  return { shown: Math.round(shown), interactive: Math.round(interactive), kilobytes: Math.round(bytes / 1024), requests }
}

async function signedIn(user) {
  const context = await browser.newContext(phone)
  const page = await context.newPage()
  await signInStaff(page, server, user)
  const state = await context.storageState()
  await context.close()
  return state
}

try {
  for (const screen of screens) {
    const state = screen.user ? await signedIn(screen.user) : undefined
    const all = []
    for (let i = 0; i < runs; i++) all.push(await open(screen, state))
    const by = all.map((a) => a.interactive).sort((a, b) => a - b)
    const { kilobytes, requests } = all[0]
    console.log(JSON.stringify({ screen: screen.name, runs, interactive_ms: by[Math.floor(runs / 2)], slowest_ms: by.at(-1), shown_ms: all.map((a) => a.shown).sort((a, b) => a - b)[Math.floor(runs / 2)], kilobytes, requests }))
  }
} finally {
  await browser.close()
  await server.stop()
}
