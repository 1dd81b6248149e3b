package consult

import (
	"bufio"
	"cmp"
	_ "embed" // the lexicon
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"mingfa/internal/base/say"
	"mingfa/internal/base/text"
)

// Types are the codes of the problem types (问题类型, BB.20503), in the order of
// the lists that people choose from. A code is permanent; its name is the text
// "problem."+code.
var Types = []string{
	"marriage_family", "labour", "traffic", "debt", "contract", "housing", "consumer", "personal_injury", "tort", "medical",
	"criminal", "administrative", "demolition", "construction", "company", "intellectual_property", "guarantee", "foreign",
	"maritime", "general",
}

// GeneralType is for what fits nowhere else.
const GeneralType = "general"

// ProblemTypes gives a copy of Types.
func ProblemTypes() []string { return slices.Clone(Types) }

// TypeKnown tells whether code is a problem type.
func TypeKnown(code string) bool { return slices.Contains(Types, code) }

// TypeName gives the name of a type in a language.
func TypeName(lang, code string) string { return say.Text(lang, "problem."+code, nil) }

// Suggestion is a type that a question may be of; the person decides.
type Suggestion struct {
	Code  string
	Score int // sum of the weights of the words found
}

// MaxSuggestions is how many types Suggest names.
const MaxSuggestions = 3

// Suggest names the types that the words of a question point to, best first, by
// the lexicon: at each place the longest word counts, each word once. Equal
// scores stand in the order of Types. Nothing found gives nothing.
func Suggest(question string) []Suggestion {
	scores := map[string]int{}
	for _, word := range lexicon().find(fold(question)) {
		for code, weight := range lexicon().words[word] {
			scores[code] += weight
		}
	}
	found := []Suggestion{}
	for _, code := range Types {
		if scores[code] > 0 {
			found = append(found, Suggestion{code, scores[code]})
		}
	}
	slices.SortStableFunc(found, func(a, b Suggestion) int { return cmp.Compare(b.Score, a.Score) })
	return found[:min(len(found), MaxSuggestions)]
}

//go:embed lexicon.txt
var lexiconText string

// words is the lexicon, made ready for looking at each place of a text.
type words struct {
	words  map[string]map[string]int // word: weight by code
	starts map[rune][]string         // first rune: words, longest first
}

var lexicon = sync.OnceValue(func() words {
	w, err := parseLexicon(lexiconText)
	if err != nil {
		panic("consult: " + err.Error()) // the file is part of the program
	}
	return w
})

func parseLexicon(file string) (words, error) {
	w := words{words: map[string]map[string]int{}, starts: map[rune][]string{}}
	lines := bufio.NewScanner(strings.NewReader(file))
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		f := strings.Fields(lines.Text())
		if len(f) == 0 || strings.HasPrefix(f[0], "#") {
			continue
		}
		if len(f) < 3 || !TypeKnown(f[0]) {
			return w, fmt.Errorf("lexicon, line %d: a line is a code, a weight and words", n)
		}
		weight, err := strconv.Atoi(f[1])
		if err != nil || weight < 1 {
			return w, fmt.Errorf("lexicon, line %d: %q is no weight", n, f[1])
		}
		for _, word := range f[2:] {
			word = fold(word)
			if w.words[word] == nil {
				w.words[word] = map[string]int{}
			}
			if _, twice := w.words[word][f[0]]; twice {
				return w, fmt.Errorf("lexicon, line %d: %q stands twice for %s", n, word, f[0])
			}
			w.words[word][f[0]] = weight
		}
	}
	for _, word := range slices.SortedFunc(maps.Keys(w.words), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(b), len(a)), cmp.Compare(a, b))
	}) {
		first := []rune(word)[0]
		w.starts[first] = append(w.starts[first], word)
	}
	return w, lines.Err()
}

// find gives the words of a folded text, each once, leftmost and longest.
func (w words) find(s string) []string {
	var found []string
	skip := 0
	wordBefore := false // a Latin letter or digit stands before this place
	for i, r := range s {
		latin := isLatin(r)
		if i >= skip && !(latin && wordBefore) {
			for _, word := range w.starts[r] {
				if strings.HasPrefix(s[i:], word) && !cutsWord(s[i+len(word):], word) {
					if !slices.Contains(found, word) {
						found = append(found, word)
					}
					skip = i + len(word)
					break
				}
			}
		}
		wordBefore = latin
	}
	return found
}

func isLatin(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' }

// cutsWord tells whether a Latin word of the lexicon ends inside a longer one.
func cutsWord(rest, word string) bool {
	return rest != "" && isLatin(rune(word[len(word)-1])) && isLatin(rune(rest[0]))
}

// fold makes texts comparable: width, case, and the traditional characters that
// occur in the lexicon's words.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		if simple, ok := simplified()[r]; ok {
			return simple
		}
		return r
	}, text.Fold(s))
}

// simplified maps the traditional characters that the lexicon's words are
// written with in Hong Kong to the simplified ones; each pair is traditional,
// simplified.
var simplified = sync.OnceValue(func() map[rune]rune {
	m := map[rune]rune{}
	for _, pair := range strings.Fields(traditionalPairs) {
		r := []rune(pair)
		m[r[0]] = r[1]
	}
	return m
})

const traditionalPairs = `離离 復复 撫抚 養养 費费 贍赡 禮礼 財财 產产 監监 護护 權权 視视 結结 證证 領领 遺遗 囑嘱 繼继 內内 親亲 鑑鉴 鑒鉴 淨净 戶户 軌轨 婦妇 勞劳 動动 資资 傷伤 試试 經经 濟济 補补 償偿 險险 辭辞 職职 簽签
	雙双 務务 競竞 業业 員员 開开 調调 齡龄 訂订 討讨 發发 罰罚 單单 實实 習习 獎奖 託托 車车 禍祸 無无 駕驾 駛驶 紅红 燈灯 責责 認认 書书 強强 違违 機机 貨货 騎骑 輪轮 錢钱 條条 還还 間间 貸贷 網网 債债
	據据 轉转 賬账 帳账 記记 錄录 賴赖 騙骗 趙赵 銀银 會会 獄狱 緩缓 釋释 減减 盜盗 竊窃 詐诈 搶抢 殺杀 姦奸 賭赌 場场 販贩 貪贪 賄贿 傳传 銷销 報报 嚴严 偽伪 審审 綁绑 協协 議议 約约 買买 賣卖 購购 東东
	稅税 過过 棟栋 樓楼 盤盘 裝装 門门 舖铺 鋪铺 積积 價价 漲涨 譽誉 隱隐 謠谣 誹诽 謗谤 鄰邻 墜坠 個个 遞递 損损 壞坏 誤误 賠赔 學学 園园 寵宠 冊册 註注 執执 營营 計计 總总 係系 醫医 療疗 術术 歷历 藥药
	診诊 廢废 後后 檢检 懷怀 體体 遷迁 徵征 舊旧 農农 鄉乡 處处 訴诉 訟讼 複复 國国 聽听 築筑 設设 質质 標标 專专 襲袭 製制 創创 圖图 殘残 級级 輕轻 腦脑 燙烫 燒烧 觸触 電电 斷断 灣湾 韓韩 緬缅 羅罗 關关
	際际 來来 運运 輸输 艙舱 倉仓 庫库 櫃柜 灘滩 風风 換换 們们 維维 誇夸 虛虚 顧顾 鐘钟 擔担 連连 帶带 歸归 額额 訊讯 讓让 對对 時时 從从 給给 當当 應应 勝胜 現现 隊队 飛飞 黨党 賓宾 貿贸 異异 辦办 華华
	這这 說说 話话 請请 談谈 謝谢 讀读 變变 傢家 僱雇 厰厂 廠厂 廳厅 妳你 嚇吓 嬰婴 孫孙 宮宫 屬属 幣币 彙汇 匯汇 戲戏 戰战 擾扰 攔拦 敗败 暫暂 殯殡 毀毁 決决 沒没 準准 滯滞 為为 牽牵 獨独 環环 皺皱 盡尽
	碼码 種种 稱称 筆笔 糾纠 納纳 紛纷 終终 絕绝 緊紧 線线 編编 練练 縣县 繳缴 聯联 聲声 脫脱 與与 號号 蝕蚀 衛卫 裏里 見见 規规 覺觉 觀观 誰谁 論论 諾诺 譯译 貧贫 貼贴 賃赁 賺赚 贈赠 輔辅 輛辆 軍军 遲迟
	適适 選选 郵邮 釀酿 錯错 鎖锁 鎮镇 長长 閉闭 閒闲 闖闯 闆板 陽阳 陸陆 雜杂 難难 靈灵 韌韧 項项 預预 頭头 題题 願愿 類类 飲饮 館馆 駐驻 驗验 點点 齊齐`
