// What holds on every screen: no foreign origin, no console error, no serious
// finding of axe in light and dark, nothing that scrolls sideways at 360 px, nothing
// cut off or scrolling sideways at 200 % (WCAG 1.4.4 and 1.4.10).

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
/** What a colour scheme can change: the rules that look at colours. */
export const colours = ['color-contrast', 'link-in-text-block']

/** Refusals that the flow provokes; the browser reports each as a console error. */
const meant = [
  [401, /\/api\/v1\/me$/],
  [422, /\/orders\/[^/]+\/answer$/],
  [422, /\/settings\/board\.limits$/],
  [409, /\/me\/drafts\/[^/]+$/],
  [409, /\/m\/ask\/contact$/],
  [409, /\/callbacks\/[^/]+\/close$/],
  [415, /\/m\/ask\/contact$/],
  [415, /\/m\/complain$/],
  [422, /\/m\/me$/],
  [415, /\/complaints\/[^/]+\/attachments\/[^/]+$/],
  [422, /\/me\/elements$/],
  [422, /\/lawyers\/me$/],
  [404, /\/orders\/[0-9a-f-]{36}$/],
  [401, /\/staff-sessions$/],
  [400, /\/sessions$/],
  [401, /\/sessions$/],
  [422, /\/sessions$/],
  [404, /\/m\/nowhere$/],
]

export class Watch {
  passed = 0
  failures = []

  /** whether screens are looked at at 200 % too; for one language, it takes its time */
  zoom = false

  constructor(base, out) {
    this.base = base
    this.out = out
  }

  ok(name, holds, detail = '') {
    if (holds) this.passed++
    else {
      this.failures.push(name)
      console.log(`FAILED ${name} ${detail}`)
    }
  }

  /** Listens to a page for its whole life. */
  listen(page, who) {
    page.on('request', (r) => {
      const url = new URL(r.url())
      if (['data:', 'blob:'].includes(url.protocol)) return
      if (url.origin !== this.base) this.ok(`${who}: no request to a foreign origin`, false, r.url())
    })
    page.on('pageerror', (e) => this.ok(`${who}: no script error`, false, String(e)))
    page.on('console', (m) => {
      if (m.type() !== 'error') return
      if (m.text().includes('ERR_INTERNET_DISCONNECTED')) return // states.mjs takes the line away
      const status = Number(/status of (\d+)/.exec(m.text())?.[1])
      if (meant.some(([s, path]) => s === status && path.test(m.location().url))) return
      this.ok(`${who}: no console error`, false, `${m.text()} ${m.location().url}`)
    })
    return page
  }

  /** A picture and all checks of one screen. */
  async screen(page, name) {
    // A head that sticks would stand in the middle of the picture.
    await page.evaluate(() => scrollTo(0, 0))
    await page.screenshot({ path: join(this.out, name + '.png'), fullPage: true })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    this.ok(`${name}: nothing scrolls sideways`, wide <= 0, `${wide} px too wide`)
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const found = await this.axe(page, colorScheme === 'dark' ? colours : undefined)
      if (colorScheme === 'dark') await page.screenshot({ path: join(this.out, name + '-dark.png'), fullPage: true })
      this.ok(`${name}: axe (${colorScheme}) finds nothing serious`, found.length === 0, found.join('\n  '))
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    if (this.zoom) await this.twice(page, name)
  }

  /** The screen at 200 %: enlarged on a screen of 1280 px, and with letters twice as large. */
  async twice(page, name) {
    const before = page.viewportSize()
    await page.setViewportSize({ width: 640, height: 450 })
    await this.whole(page, `${name}: at 200 %`)
    const found = await this.axe(page)
    this.ok(`${name}: at 200 % axe finds nothing serious`, found.length === 0, found.join('\n  '))
    await page.screenshot({ path: join(this.out, name + '-200.png'), fullPage: true })
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.evaluate(() => (document.documentElement.style.fontSize = 2 * parseFloat(getComputedStyle(document.documentElement).fontSize) + 'px'))
    await this.whole(page, `${name}: with letters of 200 %`)
    await page.evaluate(() => (document.documentElement.style.fontSize = ''))
    await page.setViewportSize(before)
  }

  /** Nothing scrolls sideways but what has its own scroller, and no text is cut off. */
  async whole(page, name) {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    this.ok(`${name} nothing scrolls sideways`, wide <= 0, `${wide} px too wide`)
    const cut = await page.evaluate(() => {
      const own = '.scroll, .unseen, .skip, input, textarea, select, svg, .ant-image-preview, [hidden], [aria-hidden=true]'
      const texts = [...document.body.querySelectorAll('*')].filter((e) => !e.closest(own) && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) && e.checkVisibility())
      const outside = (e) => {
        const r = e.getBoundingClientRect()
        return r.width > 0 && (r.right > innerWidth + 1 || r.left < -1)
      }
      const clipped = (e) => {
        const s = getComputedStyle(e)
        return s.overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1 && s.webkitLineClamp === 'none'
      }
      return texts.filter((e) => outside(e) || clipped(e)).map((e) => `${e.tagName}.${e.className} ${e.textContent.trim().slice(0, 30)}`)
    })
    this.ok(`${name} no text is cut off`, cut.length === 0, cut.slice(0, 4).join(' | '))
  }

  /** Serious and critical findings, of all rules or of some. */
  async axe(page, rules) {
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe) // it stays until the page is left
    const violations = await page.evaluate(async (rules) => {
      const r = await globalThis.axe.run(document, { resultTypes: ['violations'], ...(rules && { runOnly: rules }) })
      return r.violations.map((v) => ({ impact: v.impact, id: v.id, nodes: v.nodes.map((n) => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')) }))
    }, rules)
    return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id}: ${v.nodes.slice(0, 3).join(' | ')}`)
  }
}
