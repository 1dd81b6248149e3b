package consult

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mingfa/internal/base/say"
)

// label maps the categories of the public test material to our types.
var label = map[string]string{
	"婚姻家庭": "marriage_family", "劳动纠纷": "labour", "交通事故": "traffic", "债权债务": "debt", "合同纠纷": "contract",
	"房产纠纷": "housing", "消费权益": "consumer", "人身损害": "personal_injury", "侵权": "tort", "医疗纠纷": "medical",
	"刑事辩护": "criminal", "行政诉讼": "administrative", "拆迁安置": "demolition", "建设工程": "construction", "公司法": "company",
	"知识产权": "intellectual_property", "抵押担保": "guarantee", "涉外法律": "foreign", "海事海商": "maritime", "综合咨询": "general",
}

type row struct {
	Question string   `json:"question"`
	Category string   `json:"category"`
	Answers  []string `json:"answers"`
	Statutes []struct {
		Law     string `json:"law"`
		Article string `json:"article"`
	} `json:"statutes"`
}

// questions reads the public consultation questions, or skips with what is
// missing.
func questions(t *testing.T) []row {
	t.Helper()
	dir := os.Getenv("MINGFA_TESTDATA")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "..", "shared", "data")
	}
	f, err := os.Open(filepath.Join(dir, "consult", "consult_open.jsonl.gz"))
	if err != nil {
		t.Skip("test material is absent (set MINGFA_TESTDATA to its folder): consult/consult_open.jsonl.gz")
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		rows = append(rows, r)
	}
	return rows
}

// req: B5.2.2, BB.20503 the suggestion on real questions. The labels are those
// of the material, where many a question would pass under two or three.
func TestSuggestionAccuracy(t *testing.T) {
	var n, first, among, none int
	for _, r := range questions(t) {
		if r.Category == "" {
			continue
		}
		n++
		found := Suggest(r.Question)
		if len(found) == 0 {
			none++
			continue
		}
		if found[0].Code == label[r.Category] {
			first++
		}
		if slices.ContainsFunc(found, func(s Suggestion) bool { return s.Code == label[r.Category] }) {
			among++
		}
	}
	t.Logf("%d labelled questions: first %.1f %%, among three %.1f %%, no suggestion %d", n, percent(first, n), percent(among, n), none)
	if percent(first, n) < 52 || percent(among, n) < 74 {
		t.Errorf("the suggestions became worse than 52 %% and 74 %%")
	}
}

func percent(part, of int) float64 { return 100 * float64(part) / float64(of) }

func TestSuggest(t *testing.T) {
	for question, want := range map[string]string{
		"公司拖欠我三个月工资，没有签劳动合同，怎么办":                              "labour",
		"公司拖欠我三個月工資，沒有簽勞動合同，怎麼辦":                              "labour",
		"想和丈夫离婚，孩子抚养权归谁":                                      "marriage_family",
		"被電動車撞傷，對方全責，交警已出責任認定書":                               "traffic",
		"My employer has not paid my wages for two months":    "labour",
		"The landlord keeps our tenancy money, I rent a flat": "housing",
		"朋友借钱不还，只有欠条":                                         "debt",
		"网购买到假货，商家不给退款":                                       "consumer",
		"手术后感染，医院有责任吗":                                        "medical",
		"弟弟因盗窃被拘留，会判刑吗":                                       "criminal",
		"老家的房子拆迁，补偿款太低":                                       "demolition",
		"注册商标被别人仿冒":                                           "intellectual_property",
		"股东想转让股权，公司章程不同意":                                     "company",
		"申请签证被拒，护照在领事馆":                                       "foreign",
		"集装箱在码头进水，海运货物受损":                                     "maritime",
		"工程款拖欠，包工头跑了":                                         "construction",
		"给朋友做担保人，银行要我承担连带责任":                                  "guarantee",
		"":                         "",
		"今天天气很好":                   "",
		"!!!???":                   "",
		strings.Repeat("离婚", 2000): "marriage_family",
		"unemployment":             "", // no word of the lexicon ends or begins inside another
		"carpassport":              "",
	} {
		got := ""
		found := Suggest(question)
		if len(found) > 0 {
			got = found[0].Code
		}
		if got != want {
			t.Errorf("Suggest(%.40q) = %v, want %s", question, found, want)
		}
		if len(found) > MaxSuggestions {
			t.Errorf("%d suggestions", len(found))
		}
	}
}

func TestLexicon(t *testing.T) {
	covered := map[string]int{}
	for _, byCode := range lexicon().words {
		for code := range byCode {
			covered[code]++
		}
	}
	if len(Types) != 20 {
		t.Errorf("%d types", len(Types))
	}
	for _, code := range Types {
		if covered[code] < 15 {
			t.Errorf("%s has only %d words", code, covered[code])
		}
		for _, lang := range say.Languages {
			if name := TypeName(lang, code); name == "problem."+code {
				t.Errorf("%s has no name in %s", code, lang)
			}
		}
	}
	for _, file := range []string{"labour x 工资", "labour 3", "nothing 3 工资", "labour 0 工资", "labour 3 工资 工资"} {
		if _, err := parseLexicon(file); err == nil {
			t.Errorf("%q was taken", file)
		}
	}
}

func FuzzSuggest(f *testing.F) {
	for _, s := range []string{"", "离婚", "離婚 divorce", "\xff", "劳动合同工资divorced"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		found := Suggest(s)
		for i, x := range found {
			if !TypeKnown(x.Code) || x.Score < 1 || i > 0 && found[i-1].Score < x.Score {
				t.Errorf("%v", found)
			}
		}
	})
}

func BenchmarkSuggest(b *testing.B) {
	for b.Loop() {
		Suggest("公司拖欠我三个月工资，没有签劳动合同，也没有交社保，现在要辞退我，请问能要求赔偿吗")
	}
}
