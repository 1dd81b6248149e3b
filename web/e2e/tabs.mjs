// Walks what is on the screen by Tab and back by Shift+Tab, and tells what is wrong with
// it. The keys are real ones of the browser, sent one after the other without waiting; the
// page itself notes, as each key comes, where the focus was until then.
// req: B5.3g

/** In the page, once until the next address is loaded. */
function observe() {
  if (globalThis.tabs) return
  const controls = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [contenteditable], [tabindex]:not([tabindex="-1"]), :is([role=button], [role=link], [role=checkbox], [role=switch], [role=slider], [role=menuitem], [role=combobox], [role=tab])'
  const told = (e) => e.outerHTML.replace(/\s+/g, ' ').slice(0, 120)
  const here = (e) => e.isConnected && e.checkVisibility({ visibilityProperty: true })
  const usable = (e) => here(e) && !e.matches(':disabled, [aria-disabled=true]') && !e.closest('[inert]')
  const isSentinel = (e) => e.matches('[aria-hidden=true]') && !e.textContent // antd turns the focus round at these
  /** One stop for Tab: the buttons of a group of radios are one, arrows lead to the others. */
  const stop = (e) => (e?.type === 'radio' && e.name ? document.querySelector(`input[type=radio][name="${CSS.escape(e.name)}"]`) : e)
  const dialog = () => [...document.querySelectorAll('[role=dialog]')].filter((d) => d.checkVisibility() && d.getBoundingClientRect().width > 0).at(-1)
  const root = (whole) => dialog() ?? (whole ? null : document.querySelector('main')) ?? document.body
  const of = (r) => [...r.querySelectorAll(controls)].filter((e) => usable(e) && !isSentinel(e) && !ends.includes(e))

  // What the eye sees.

  /** The control, or the label that stands for one that is drawn by it. */
  const shown = (e) => {
    const r = e.getBoundingClientRect()
    const drawn = getComputedStyle(e).opacity !== '0' && r.width > 2 && r.height > 2
    return drawn ? [e] : [e.nextElementSibling, e.labels?.[0]].filter(Boolean)
  }
  const parts = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g)?.map(Number) ?? []
    return colour.startsWith('rgb') ? { rgb: [r, g, b], a } : undefined
  }
  const light = (rgb) => rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0)
  const behind = (e) => {
    for (let x = e; x; x = x.parentElement) {
      const c = parts(getComputedStyle(x).backgroundColor)
      if (c?.a > 0.99) return c.rgb
    }
    return [255, 255, 255]
  }
  /** A ring of two pixels or more that stands out from its ground by 3 : 1 (WCAG 2.4.7, 1.4.11); 'auto' is the browser's own. */
  const ringed = (e) => {
    const s = getComputedStyle(e)
    if (s.outlineStyle === 'auto') return true
    if (s.outlineStyle === 'none' || parseFloat(s.outlineWidth) < 2) return false
    const c = parts(s.outlineColor)
    if (!c) return true
    const [x, y] = [light(c.rgb), light(behind(parseFloat(s.outlineOffset) < 0 ? e : e.parentElement))].sort((a, b) => b - a)
    return c.a > 0.9 && (x + 0.05) / (y + 0.05) >= 3
  }
  /** Some of it is in sight, with nothing above it (WCAG 2.4.11). */
  const inSight = (e) =>
    shown(e).some((x) =>
      [...x.getClientRects()].some((r) => {
        const [l, t, w, h] = [Math.max(r.left, 0), Math.max(r.top, 0), Math.min(r.right, innerWidth), Math.min(r.bottom, innerHeight)]
        const points = [[(l + w) / 2, (t + h) / 2], [l + 3, t + 3], [w - 3, t + 3], [l + 3, h - 3], [w - 3, h - 3]]
        return w > l && h > t && points.some(([px, py]) => {
          const hit = document.elementFromPoint(px, py)
          return hit && (x.contains(hit) || e.contains(hit) || hit.closest('label')?.control === e || hit.contains(x) && hit.matches('a, button, label'))
        })
      }))
  /** Reading goes on to the right or further down. */
  const backwards = (a, b) => {
    const [p, q] = [shown(a)[0]?.getBoundingClientRect(), shown(b)[0]?.getBoundingClientRect()]
    if (!p || !q) return false
    const above = q.bottom <= p.top && q.left < p.right
    const left = q.right <= p.left && q.top < p.bottom && q.bottom > p.top
    return above || left
  }

  // What a mouse can do alone: something that is pressed and is no control.
  const press = /^(on)?(click|mousedown|pointerdown|dblclick|doubleclick)/i
  const pressed = (e) =>
    Object.entries(e).some(([k, v]) => (k.startsWith('__reactProps') || k === 'l') && v && Object.entries(v).some(([name, fn]) => typeof fn === 'function' && press.test(name)))
  const mouseOnly = (r) => [...r.querySelectorAll('*')].filter((e) => pressed(e) && here(e) && !e.closest(controls) && !e.matches('label, [role=option]'))

  // Before and after the document while it is walked: the focus stays there, and isn't led round by the browser.
  const ends = [0, 1].map(() => Object.assign(document.createElement('i'), { tabIndex: 0 }))

  let met, order, last, back, faults, came, left
  const note = (e) => {
    if (ends.includes(e)) left = true
    if (!e || e === document.body || e === document.documentElement || isSentinel(e) || ends.includes(e)) return (last = undefined)
    if (e === last) return // the parts of a date
    const first = !met.has(e)
    met.add(e)
    const s = stop(e)
    if (order.at(-1) !== s) order.push(s)
    if (first && e.matches(controls) && !inSight(e)) faults.push('out of sight or covered: ' + told(e))
    if (!back && first && e.matches(controls)) {
      if (!shown(e).some(ringed)) faults.push('no ring seen: ' + told(e))
      if (last?.isConnected && last.matches(controls) && backwards(last, e)) faults.push(`comes back to: ${told(e)} after ${told(last)}`)
    }
    last = e
  }
  addEventListener(
    'keydown',
    (e) => {
      if (e.key !== 'Tab' || !met) return
      came++
      note(document.activeElement)
      if (document.activeElement === ends[back ? 0 : 1]) e.preventDefault()
    },
    true,
  )

  const kind = (e) => [location.pathname, e.dataset.act ?? (e.className || e.textContent)].filter(Boolean).join(' ')
  const group = (name) => [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(name)}"]`)].filter(usable)

  // What is on its way.
  let asking = 0
  const { fetch } = globalThis
  globalThis.fetch = (...args) => {
    asking++
    return fetch(...args).finally(() => asking--)
  }
  /** The browser may say that it has sent a key before the page has had it. */
  const keys = async (n) => {
    for (const end = Date.now() + 20_000; came < n; await pause()) if (Date.now() > end) return faults.push(`${n - came} keys were swallowed`)
  }
  const pause = () => new Promise((r) => setTimeout(r, 20))

  globalThis.tabs = {
    /** Waits until the page stands: nothing is asked for any more. */
    async stands() {
      for (let calm = 0, before = -1; calm < 3; ) {
        await pause()
        const n = of(document).length
        calm = asking || n !== before || document.querySelector('.loading')?.checkVisibility() ? 0 : calm + 1
        before = n
      }
    },
    /** Goes to an address of the desk or the portal. */
    async go(path) {
      const before = document.activeElement
      location.hash = path
      await pause()
      await globalThis.tabs.stands()
      return before !== document.activeElement || before?.matches('h1')
    },
    /** The same for two screens whose controls are of the same kinds in the same order. */
    likeness: () => of(root()).map((e) => [e.tagName, e.type, e.id.replace(/[0-9a-f-]{20,}|_r_\w+_/, ''), e.dataset.act, e.className, e.getAttribute('aria-invalid')].join('.')).filter((k, i, all) => k !== all[i - 1]).join(),
    /** What opens a dialogue, and radio buttons of which one is chosen: each kind by a name. */
    openers: () => of(document).filter((e) => e.matches('[aria-haspopup=dialog]')).map(kind),
    focus: (name) => (globalThis.tabs.opener = of(document).find((e) => e.matches('[aria-haspopup=dialog]') && kind(e) === name))?.focus(),
    opened: () => !!dialog()?.contains(document.activeElement),
    closed: () => !dialog() && document.activeElement === globalThis.tabs.opener,
    groups: () => [...new Set(of(dialog() ?? document).filter((e) => e.type === 'radio' && e.checked).map((e) => e.name))].filter((n) => group(n).length > 1).map((n) => ({ name: n, of: group(n).map((e) => (e.labels[0] ?? e).textContent.trim().slice(0, 12)).join(), n: group(n).length })),
    choose(name) {
      const all = group(name)
      this.arrows = new Set()
      this.chosen = all.find((e) => e.checked)
      this.chosen.focus()
      addEventListener('focusin', (this.onArrow = (e) => all.includes(e.target) && this.arrows.add(e.target)))
    },
    /** The arrows came to each, and the last led to the first again. */
    chose(n) {
      const round = this.arrows.size === n && (!this.chosen.isConnected || (this.chosen.checked && document.activeElement === this.chosen))
      if (round) removeEventListener('focusin', this.onArrow)
      return round
    },
    /** What is meant in an open list, if one sees it. */
    meant() {
      const on = document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))
      const [r, list] = [on, on?.closest('[role=listbox]')].map((e) => e?.getBoundingClientRect())
      return on?.getAttribute('aria-selected') === 'true' && r.bottom > list.top && r.top < list.bottom && on.id
    },
    /** Begins at the head of the page, or where a dialogue has the focus; says how many keys it takes at most. */
    begin(whole) {
      const r = root(whole)
      this.folded = [...r.querySelectorAll('details:not([open])')].filter(here)
      this.folded.forEach((d) => (d.open = true))
      this.start = document.activeElement
      document.body.prepend(ends[0])
      document.body.append(ends[1])
      this.at = scrollY
      this.inDialog = !!dialog()
      this.root = r
      this.list = of(r)
      met = new Set()
      order = []
      faults = []
      back = false
      came = 0
      last = undefined
      left = false
      if (r === document.body) ends[0].focus()
      else if (!this.inDialog) {
        if (!r.hasAttribute('tabindex')) r.tabIndex = -1 // so that one can begin there
        r.focus({ preventScroll: true })
      }
      const dates = this.list.filter((e) => /^(date|datetime-local|month|time|week)$/.test(e.type)).length
      return this.list.length + 6 * dates + 10
    },
    /** What was wrong on the way there; then begins the way back. */
    async turn(n) {
      await keys(n)
      const stops = new Set([...met].map(stop))
      const missed = this.list.filter((e) => usable(e) && !stops.has(stop(e)) && this.root.isConnected)
      const outside = [...met].filter((e) => e.isConnected && !this.root.contains(e))
      faults.push(...missed.map((e) => 'Tab does not come to: ' + told(e)))
      if (this.inDialog) faults.push(...outside.map((e) => 'leaves the dialogue to: ' + told(e)), ...(left ? ['leaves the dialogue to the end of the page'] : []))
      else if (!left && document.activeElement !== ends[1]) faults.push('a trap: ' + told(document.activeElement))
      if (!this.inDialog) faults.push(...mouseOnly(this.root).map((e) => 'for a mouse alone: ' + told(e)))
      faults.push(...this.list.filter((e) => e.tabIndex > 0).map((e) => 'an order of its own: ' + told(e)))
      this.there = order.filter((e) => e !== this.root && this.root.contains(e))
      back = true
      came = 0
      met = new Set()
      order = []
      last = undefined
    },
    async end(n) {
      await keys(n)
      const stops = new Set([...met].map(stop))
      faults.push(...this.there.filter((e) => usable(e) && !stops.has(stop(e))).map((e) => 'Shift+Tab does not come to: ' + told(e)))
      met = undefined
      const now = of(this.root)
      const changed = now.length !== this.list.length || now.some((e, i) => e !== this.list[i])
      this.folded.forEach((d) => (d.open = false))
      ends.forEach((e) => e.remove())
      const { start } = this
      if (start && start !== document.body) start.focus({ preventScroll: true })
      else document.activeElement?.blur()
      scrollTo(0, this.at)
      return { changed, faults: [...new Set(faults)], stops: this.there.length }
    },
    dialog,
    focused: () => told(document.activeElement ?? document.body),
  }
}

export class Tabs {
  /** One for each page that is walked. */
  static async on(page) {
    const t = new Tabs()
    t.page = page
    t.cdp = await page.context().newCDPSession(page)
    return t
  }

  async keys(key, n, { shift = false, code = { Tab: 9, Escape: 27, Enter: 13, ArrowUp: 38, ArrowDown: 40 }[key] } = {}) {
    const one = { key, code: key, windowsVirtualKeyCode: code, modifiers: shift ? 8 : 0, ...(key === 'Enter' && { text: '\r' }) }
    const sent = []
    for (let i = 0; i < n; i++) {
      sent.push(this.cdp.send('Input.dispatchKeyEvent', { type: key === 'Enter' ? 'keyDown' : 'rawKeyDown', ...one }))
      if (key !== 'Tab') sent.push(this.cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...one }))
    }
    await Promise.all(sent)
  }

  /** Until the page stands. */
  async ready() {
    await this.page.evaluate(observe)
    await this.page.evaluate(() => tabs.stands())
  }

  async go(path) {
    await this.page.evaluate(observe)
    return this.page.evaluate((p) => tabs.go(p), path)
  }

  /** There and back; whole: with all that stands around the page itself. */
  async walk(whole = false) {
    await this.page.evaluate(observe)
    for (let again = 3; ; again--) {
      const n = await this.page.evaluate((w) => tabs.begin(w), whole)
      await this.keys('Tab', n)
      await this.page.evaluate((k) => tabs.turn(k), n)
      await this.keys('Tab', n, { shift: true })
      const got = await this.page.evaluate((k) => tabs.end(k), n)
      if (!got.changed || again === 0) return got // what changed meanwhile is walked anew
      await this.page.evaluate(() => tabs.stands())
    }
  }
}
