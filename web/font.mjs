// Puts the font of the PDF files where the Go build embeds it: Noto Sans SC, which
// has all simplified and traditional characters of Unicode's first block, from npm,
// with its licence (SIL Open Font Licence 1.1). The font stays out of the repository.
import { copyFileSync } from 'node:fs'

const from = new URL('./node_modules/@expo-google-fonts/noto-sans-sc/', import.meta.url)
const to = new URL('./font/dist/', import.meta.url)
copyFileSync(new URL('400Regular/NotoSansSC_400Regular.ttf', from), new URL('NotoSansSC.ttf', to))
copyFileSync(new URL('LICENSE_FONT', from), new URL('OFL.txt', to))
