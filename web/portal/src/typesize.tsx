// The size of letters: three steps, kept on this device.

import { useEffect, useState } from 'preact/hooks'
import { useSay } from './app'

const key = 'mingfa.type'
const sizes = ['1', '2', '3'] as const
type Size = (typeof sizes)[number]

function kept(): Size {
  try {
    return sizes.find((s) => s === localStorage.getItem(key)) ?? '1'
  } catch {
    return '1' // no storage
  }
}

function keep(s: Size) {
  try {
    localStorage.setItem(key, s)
  } catch {
    // for this page only
  }
}

export function TypeSize() {
  const t = useSay()
  const [size, setSize] = useState(kept)
  useEffect(() => {
    document.documentElement.dataset.type = size
  }, [size])
  return (
    <div class="sizes" role="group" aria-label={t('type_size')}>
      {sizes.map((s) => (
        <button
          type="button"
          key={s}
          data-size={s}
          aria-pressed={s === size}
          aria-label={t(`type_${s}`)}
          title={t(`type_${s}`)}
          onClick={() => {
            keep(s)
            setSize(s)
          }}
        >
          A
        </button>
      ))}
    </div>
  )
}
