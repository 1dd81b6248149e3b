// What holds on every screen: no foreign origin, no console error, no serious
// finding of axe in light and dark, nothing that scrolls sideways at 360 px.

import { createRequire } from 'node:module'
import { join } from 'node:path'

const axe = createRequire(import.meta.url)('axe-core').source

/** Refusals that the flow provokes; the browser reports each as a console error. */
const meant = [
  [401, /\/api\/v1\/me$/],
  [422, /\/orders\/[^/]+\/answer$/],
  [422, /\/settings\/board\.limits$/],
  [409, /\/callbacks\/[^/]+\/close$/],
  [415, /\/m\/ask\/contact$/],
]

export class Watch {
  passed = 0
  failures = []

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
      const status = Number(/status of (\d+)/.exec(m.text())?.[1])
      if (meant.some(([s, path]) => s === status && path.test(m.location().url))) return
      this.ok(`${who}: no console error`, false, `${m.text()} ${m.location().url}`)
    })
    return page
  }

  /** A picture and all checks of one screen. */
  async screen(page, name) {
    await page.screenshot({ path: join(this.out, name + '.png'), fullPage: true })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    this.ok(`${name}: nothing scrolls sideways`, wide <= 0, `${wide} px too wide`)
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      const found = await this.axe(page)
      if (colorScheme === 'dark') await page.screenshot({ path: join(this.out, name + '-dark.png'), fullPage: true })
      this.ok(`${name}: axe (${colorScheme}) finds nothing serious`, found.length === 0, found.join('\n  '))
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  }

  async axe(page) {
    await page.evaluate(axe)
    const violations = await page.evaluate(async () => {
      const r = await globalThis.axe.run(document, { resultTypes: ['violations'] })
      return r.violations.map((v) => ({ impact: v.impact, id: v.id, nodes: v.nodes.map((n) => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')) }))
    })
    return violations.filter((v) => v.impact === 'serious' || v.impact === 'critical').map((v) => `${v.id}: ${v.nodes.slice(0, 3).join(' | ')}`)
  }
}
