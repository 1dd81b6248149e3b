// The desk's colours and sizes as antd takes them.

import { theme, type ThemeConfig } from 'antd'
import { useMemo } from 'react'
import { colours, useMatch } from './theme'

const font = `system-ui, -apple-system, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif`

/** touch: controls are 44 px high where fingers point. still: nothing moves. */
const themeOf = (isDark: boolean, touch: boolean, still: boolean): ThemeConfig => ({
  algorithm: isDark ? theme.darkAlgorithm : theme.defaultAlgorithm,
  // The class of <html>: so desk.css can name the variables everywhere.
  cssVar: { key: 'desk' },
  hashed: false,
  token: {
    ...colours(isDark),
    fontFamily: font,
    fontSize: 15,
    borderRadius: 7,
    controlHeight: touch ? 44 : 36,
    controlHeightSM: touch ? 44 : 30,
    motion: !still,
    colorBgMask: 'rgba(0, 0, 0, 0.62)',
  },
  components: {
    Image: { previewOperationColor: '#ffffff', previewOperationHoverColor: '#ffffff', previewOperationColorDisabled: '#b0bbc8' },
  },
})

export function useTheme(isDark: boolean): ThemeConfig {
  const touch = useMatch('(max-width: 40rem), (pointer: coarse)')
  const still = useMatch('(prefers-reduced-motion: reduce)')
  return useMemo(() => themeOf(isDark, touch, still), [isDark, touch, still])
}
