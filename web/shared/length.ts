// The length of a lawyer's own text (自有字数), B6.2.1.2b: each Han character
// counts 1, each word or number in another script counts 1, punctuation and
// spaces count nothing; an apostrophe between letters and a point or comma
// between digits do not end a word. The same count as Go's text.Own: the server
// decides, this only shows it while one types.

const isHan = (r: string) => /^\p{Script=Han}$/u.test(r) && /^[\p{L}\p{N}]$/u.test(r)
const isLetter = (r: string) => /^\p{L}$/u.test(r)
const isDigit = (r: string) => /^\p{Nd}$/u.test(r)
const isMark = (r: string) => /^\p{M}$/u.test(r)

function joins(before: string | undefined, r: string, after: string | undefined): boolean {
  if (before === undefined || after === undefined) return false
  if (r === "'" || r === '’') return isLetter(before) && isLetter(after) && !isHan(after)
  return (r === '.' || r === ',') && isDigit(before) && isDigit(after)
}

export function own(s: string): number {
  const rs = [...s.normalize('NFC')]
  let n = 0
  let inWord = false
  rs.forEach((r, i) => {
    if (isHan(r)) {
      n++
      inWord = false
    } else if (isLetter(r) || isDigit(r)) {
      if (!inWord) n++
      inWord = true
    } else if (!isMark(r) && !(inWord && joins(rs[i - 1], r, rs[i + 1]))) {
      inWord = false
    }
  })
  return n
}

/** The least own length that is accepted: "exceeds 50". */
export const enough = 51
