// Light and dark: the one place of the desk's colours. They are set as variables
// (--ant-*) of <html>: desk.css names only those, and antd has the same
// (antdtheme.ts). Contrast of text is at least 4.5 : 1 on every ground it stands on,
// of borders of controls and the ring of the focus 3 : 1; axe and e2e/tabs.mjs look.

import { createContext, useContext, useEffect, useLayoutEffect, useState } from 'react'

export const schemes = ['auto', 'light', 'dark'] as const
export type Scheme = (typeof schemes)[number]

const light = {
  colorPrimary: '#17539b',
  colorPrimaryHover: '#0f437f',
  colorPrimaryActive: '#0b3363',
  colorPrimaryBg: '#e6effa',
  colorPrimaryBgHover: '#d5e5f7',
  colorPrimaryBorder: '#9dbfe6',
  colorPrimaryText: '#17539b',
  colorLink: '#17539b',
  colorLinkHover: '#0f437f',
  colorLinkActive: '#0b3363',
  colorText: '#1b2430',
  colorTextSecondary: '#515d6c',
  colorTextTertiary: '#576373',
  colorTextQuaternary: '#5d6877',
  colorTextPlaceholder: '#626d7b',
  colorTextDisabled: '#626d7b',
  colorTextDescription: '#515d6c',
  colorTextLightSolid: '#ffffff',
  colorBgLayout: '#f3f5f8',
  colorBgContainer: '#ffffff',
  colorBgElevated: '#ffffff',
  colorBgContainerDisabled: '#eef1f4',
  colorBorder: '#7d8896',
  colorBorderSecondary: '#d3dae2',
  colorSplit: '#d3dae2',
  colorSuccess: '#17653a',
  colorSuccessText: '#17653a',
  colorSuccessBg: '#e3f3e9',
  colorSuccessBorder: '#8cc7a2',
  colorWarning: '#7a4a00',
  colorWarningText: '#7a4a00',
  colorWarningBg: '#fdf0d8',
  colorWarningBorder: '#d9a851',
  colorError: '#a91e17',
  colorErrorHover: '#8c1812',
  colorErrorActive: '#701009',
  colorErrorText: '#a91e17',
  colorErrorBg: '#fdeae8',
  colorErrorBorder: '#e09a95',
  colorBgSpotlight: '#27313d',
  colorFocus: '#b45309',
}

const dark: typeof light = {
  colorPrimary: '#8ebcf5',
  colorPrimaryHover: '#acd0fb',
  colorPrimaryActive: '#c6dffd',
  colorPrimaryBg: '#1d2f45',
  colorPrimaryBgHover: '#24405f',
  colorPrimaryBorder: '#3f658f',
  colorPrimaryText: '#8ebcf5',
  colorLink: '#8ebcf5',
  colorLinkHover: '#acd0fb',
  colorLinkActive: '#c6dffd',
  colorText: '#e8edf3',
  colorTextSecondary: '#b0bbc8',
  colorTextTertiary: '#a7b3c1',
  colorTextQuaternary: '#9eabba',
  colorTextPlaceholder: '#98a5b4',
  colorTextDisabled: '#98a5b4',
  colorTextDescription: '#b0bbc8',
  colorTextLightSolid: '#0c1a2b',
  colorBgLayout: '#12171d',
  colorBgContainer: '#1b222b',
  colorBgElevated: '#222b36',
  colorBgContainerDisabled: '#232b35',
  colorBorder: '#75828f',
  colorBorderSecondary: '#37424f',
  colorSplit: '#37424f',
  colorSuccess: '#86d5a3',
  colorSuccessText: '#86d5a3',
  colorSuccessBg: '#173224',
  colorSuccessBorder: '#3d7a57',
  colorWarning: '#f2c479',
  colorWarningText: '#f2c479',
  colorWarningBg: '#38290f',
  colorWarningBorder: '#86662c',
  colorError: '#ff9f97',
  colorErrorHover: '#ffb9b3',
  colorErrorActive: '#ffcfcb',
  colorErrorText: '#ff9f97',
  colorErrorBg: '#43201d',
  colorErrorBorder: '#94504a',
  colorBgSpotlight: '#e8edf3',
  colorFocus: '#f5b453',
}

export const colours = (isDark: boolean): typeof light => (isDark ? dark : light)

/** Whether the page is dark now. */
export const DarkContext = createContext(false)
export const useIsDark = () => useContext(DarkContext)

/** Whether the screen is as a media query says, now. */
export function useMatch(query: string): boolean {
  const [matches, setMatches] = useState(() => matchMedia(query).matches)
  useEffect(() => {
    const m = matchMedia(query)
    const on = () => setMatches(m.matches)
    m.addEventListener('change', on)
    return () => m.removeEventListener('change', on)
  }, [query])
  return matches
}

/** Narrower than this the navigation is a drawer, and panes stand one after another. */
export const useNarrow = (): boolean => useMatch('(max-width: 62rem)')

const key = 'mingfa.scheme'

function kept(): Scheme {
  try {
    const k = localStorage.getItem(key)
    if ((schemes as readonly (string | null)[]).includes(k)) return k as Scheme
  } catch {
    // no storage: as the system has it
  }
  return 'auto'
}

/** The scheme chosen on this device, and whether it is dark now. */
export function useScheme(): { scheme: Scheme; isDark: boolean; setScheme: (s: Scheme) => void } {
  const [scheme, set] = useState(kept)
  const system = useMatch('(prefers-color-scheme: dark)')
  const isDark = scheme === 'dark' || (scheme === 'auto' && system)
  useLayoutEffect(() => {
    const { style } = document.documentElement
    style.colorScheme = isDark ? 'dark' : 'light'
    for (const [name, colour] of Object.entries(colours(isDark))) style.setProperty('--ant-' + name.replace(/[A-Z]/g, (c) => '-' + c.toLowerCase()), colour)
  }, [isDark])
  const setScheme = (s: Scheme) => {
    try {
      localStorage.setItem(key, s)
    } catch {
      // for this page only
    }
    set(s)
  }
  return { scheme, isDark, setScheme }
}
