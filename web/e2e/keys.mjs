// Hands on the keyboard and nowhere else: somebody who has no mouse. The page itself is
// private here, so whoever works through this can't click, fill or focus; and the page
// counts what a pointer does, whoever did it.
// req: B5.3g

import { until } from './server.mjs'

/** What a pointer or a finger begins with. */
const pointer = ['pointerdown', 'mousedown', 'touchstart', 'wheel']

export class Keys {
  #page
  pointed = 0

  static async on(page) {
    const keys = new Keys()
    keys.#page = page
    await page.exposeFunction('pointed', () => keys.pointed++)
    await page.addInitScript((kinds) => kinds.forEach((k) => addEventListener(k, (e) => e.isTrusted && globalThis.pointed(), true)), pointer)
    // The count itself is tried, or it would be no check.
    await page.goto('about:blank')
    await page.mouse.click(5, 5)
    await until('a click to be counted', async () => keys.pointed > 0)
    await page.goto('about:blank')
    keys.pointed = 0
    return keys
  }

  /** An address, typed into the browser's own bar. */
  async address(url) {
    await this.#page.goto(url)
  }

  press(key) {
    return this.#page.keyboard.press(key)
  }

  /** Key by key; what has no key comes as an input method gives it. */
  async write(text) {
    for (const part of text.match(/[ -~]+|[^ -~]+/g) ?? []) await (/[ -~]/.test(part) ? this.#page.keyboard.type(part) : this.#page.keyboard.insertText(part))
  }

  /** Waits until it is to be seen. */
  async see(selector, words) {
    await this.#page.locator(selector, words ? { hasText: words } : {}).first().waitFor()
  }

  async gone(selector) {
    await this.#page.locator(selector).first().waitFor({ state: 'detached' })
  }

  count(selector) {
    return this.#page.locator(selector).count()
  }

  text(selector) {
    return this.#page.locator(selector).first().innerText()
  }

  value(selector) {
    return this.#page.locator(selector).first().inputValue()
  }

  /** Attributes of all that fit. */
  attributes(selector, name) {
    return this.#page.locator(selector).evaluateAll((all, n) => all.map((e) => e.getAttribute(n)), name)
  }

  /** Waits until the focus is there. */
  async at(selector) {
    await this.#page.waitForFunction((s) => document.activeElement?.matches(s), selector)
  }

  /** Presses a key until the focus is there; a place that it never comes to is a fault of the page. */
  async to(selector, key = 'Tab', most = 90) {
    await this.see(selector)
    for (let n = 0; n <= most; n++) {
      if (await this.#page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return
      await this.press(key)
    }
    throw new Error(`${key} does not come to ${selector}`)
  }

  async go(selector, key) {
    await this.to(selector, key)
    await this.press('Enter')
  }

  picture(watch, name) {
    return watch.screen(this.#page, name)
  }

  failed(path) {
    return this.#page.screenshot({ path })
  }
}
