// What a person has typed and not yet sent survives a reload. It lies in the
// tab's sessionStorage: gone with the tab, so that the next person at a shared
// device finds nothing. Never a token, never a code.

export interface Store {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

const prefix = 'mingfa.draft.'

function tab(): Store | undefined {
  try {
    return globalThis.sessionStorage
  } catch {
    return undefined // storage switched off: the page works, only without drafts
  }
}

/** The draft under the key over the given beginning; keys unknown to the beginning are dropped. */
export function load<T extends object>(key: string, beginning: T, store: Store | undefined = tab()): T {
  try {
    const kept = JSON.parse(store?.getItem(prefix + key) ?? '{}') as Record<string, unknown>
    const d = { ...beginning } as Record<string, unknown>
    for (const k of Object.keys(d)) if (k in kept && sameShape(kept[k], d[k])) d[k] = kept[k]
    return d as T
  } catch {
    return { ...beginning }
  }
}

const sameShape = (a: unknown, b: unknown) => typeof a === typeof b && Array.isArray(a) === Array.isArray(b) && a !== null

export function save(key: string, value: object, store: Store | undefined = tab()): void {
  try {
    store?.setItem(prefix + key, JSON.stringify(value))
  } catch {
    // full or forbidden: nothing to be done that would help the person
  }
}

export function drop(key: string, store: Store | undefined = tab()): void {
  try {
    store?.removeItem(prefix + key)
  } catch {
    // as above
  }
}
