// Single keys for those who work here all day. They do nothing while one types, with a
// modifier, or below a dialogue, and can be switched off (WCAG 2.1.4).

import { useEffect, useRef } from 'react'

const key = 'mingfa.keys'

export function keysOn(): boolean {
  try {
    return localStorage.getItem(key) !== 'off'
  } catch {
    return true
  }
}

export function setKeysOn(on: boolean): void {
  try {
    localStorage.setItem(key, on ? 'on' : 'off')
  } catch {
    // for this page only: they stay on
  }
}

const typing = (e: Element | null) => !!e?.closest('input, textarea, select, [contenteditable], [role=combobox], [role=dialog]')

/** A dialogue is open: a closed one may still lie in the page. */
const asked = () => [...document.querySelectorAll<HTMLElement>('[role=dialog]')].some((d) => d.offsetWidth > 0)

/** Runs what belongs to a key; `?` and letters by what they write, not where they lie. */
export function useShortcuts(keys: Record<string, (() => void) | undefined>): void {
  const now = useRef(keys)
  now.current = keys
  useEffect(() => {
    const on = (e: KeyboardEvent) => {
      if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || e.isComposing || typing(e.target as Element)) return
      if (!keysOn() && e.key !== '?') return
      if (asked()) return
      const fn = now.current[e.key]
      if (!fn) return
      e.preventDefault()
      fn()
    }
    document.addEventListener('keydown', on)
    return () => document.removeEventListener('keydown', on)
  }, [])
}

/** Moves the focus to the next or the one before of some elements. */
export function step(all: readonly HTMLElement[], by: 1 | -1): void {
  const at = all.findIndex((e) => e === document.activeElement || e.getAttribute('aria-current') === 'true')
  const focused = all.findIndex((e) => e === document.activeElement)
  const from = focused >= 0 ? focused : at
  const next = all[from < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(from + by, 0), all.length - 1)]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}
