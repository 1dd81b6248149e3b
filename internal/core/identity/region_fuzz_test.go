package identity

import (
	"strings"
	"testing"
)

// Whatever a file of regions holds, it is read whole or refused, and every code
// has six digits.
func FuzzReadRegions(f *testing.F) {
	for _, s := range []string{
		"code,name\n11,\"北京市\"\n", "code,name,provinceCode\n1101,市辖区,11\n", "code,name,cityCode,provinceCode\n110101,东城区,1101,11\n",
		"", "code\n", "\ufeffcode,name\n44,广东省", "code,name\n\"44,x\n", "name,code\n广东,44\x00\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		rows, err := readRegions(strings.NewReader(s))
		if err != nil {
			return
		}
		for _, r := range rows {
			if !isCode(r.Code) {
				t.Errorf("code %q", r.Code)
			}
		}
	})
}
