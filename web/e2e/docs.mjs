// The documentation of the API: no script, nothing that scrolls sideways, no finding
// of axe in light and dark, and each link in it leads somewhere.
// req: B8.3.1d

import { join } from 'node:path'
import { colours } from './watch.mjs'

export async function docsPage({ server, watch, lang, tag, page }) {
  const name = `${tag}-70-api-docs`
  const res = await page.goto(`${server.base}/api/v1/docs?lang=${lang}`)
  const policy = res.headers()['content-security-policy'] ?? ''
  watch.ok(`${name}: no script`, (await page.evaluate(() => document.scripts.length)) === 0 && policy.startsWith("default-src 'none'") && !policy.includes('script-src'), policy)
  watch.ok(`${name}: its style is there`, (await page.evaluate(() => getComputedStyle(document.body).maxWidth)) !== 'none')
  watch.ok(`${name}: speaks ${lang}`, (await page.locator('html').getAttribute('lang')) === lang)
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  watch.ok(`${name}: nothing scrolls sideways`, (await wide()) <= 0)
  await page.screenshot({ path: join(watch.out, name + '.png') }) // the page is too long for a whole picture
  await page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)))
  watch.ok(`${name}: nothing scrolls sideways when all is open`, (await wide()) <= 0)
  const lost = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')].map((a) => a.hash.slice(1)).filter((id) => !document.getElementById(decodeURIComponent(id))))
  watch.ok(`${name}: each link leads somewhere`, lost.length === 0, lost.join(' '))
  await page.evaluate(() => document.getElementById('post-orders').scrollIntoView())
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.screenshot({ path: join(watch.out, `${name}-${colorScheme}.png`) })
    const found = await watch.axe(page, colorScheme === 'dark' ? colours : undefined) // a long page: each look takes seconds
    watch.ok(`${name}: axe (${colorScheme}) finds nothing serious`, found.length === 0, found.join('\n  '))
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
}
